"""Asks a house things that it should refuse, and sees that nothing is stored."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

BELL, OVERRIDE, SURROGATE = "a\u0007b", "a\u202eb", "a\ud800b"
"""A control character, a direction override and half a character, each between two letters."""

JSON = {"Content-Type": "application/json"}
COUNTED = ["/share/communities", "/codify/curators", "/spread/subscriptions?limit=200"]


class Door:
    """Asks as somebody in particular, and counts what there is."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.tokens: dict[str, str] = {}

    def ask(self, method: str, path: str, person: str = "ines", **rest: Any) -> httpx.Response:
        """An answer to this person."""
        if person not in self.tokens:
            answer = self.client.post("/identity/tokens", json={"person": person})
            self.tokens[person] = answer.json()["access_token"]
        headers = {"Authorization": f"Bearer {self.tokens[person]}", **rest.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **rest)

    def stored(self) -> list[int]:
        """How much there is of everything that a person can add to.

        Counted until two counts agree: an item that moves on meanwhile may be counted at two stages, or at none.
        """
        seen = self._counted()
        while (again := self._counted()) != seen:
            seen = again
        return seen

    def _counted(self) -> list[int]:
        items = self.client.get("/discover/circulation").json()["detail"]
        return [sum(items.values()), *(len(self.ask("GET", path).json()["items"]) for path in COUNTED)]

    def refuses(self, status: int, method: str, path: str, person: str = "ines", **rest: Any) -> Any:
        """The problem that this request is answered with, as one should read it; nothing was stored."""
        before = self.stored()
        answer = self.ask(method, path, person, **rest)
        said = answer.json()
        assert (answer.status_code, said["status"], said["type"]) == (status, status, "about:blank"), said
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert said["detail"].endswith("."), "A sentence should tell what to do."
        assert self.stored() == before
        return said


@contextmanager
def door_of(house_url: str) -> Iterator[Door]:
    """The door of a house, until the block ends."""
    with httpx.Client(base_url=house_url, timeout=20, trust_env=False) as client:
        yield Door(client)


def wish(**changes: Any) -> dict[str, Any]:
    """An item that nobody has captured yet."""
    return {"kind": "prompt", "title": "Plain words", "body": f"Say it plainly. {uuid4().hex}"} | changes


def as_json(value: Any) -> dict[str, Any]:
    """The value as the body of a request, lone surrogates and all."""
    return {"content": json.dumps(value).encode(), "headers": JSON}


def pointers(problem: Any) -> set[str]:
    """Where a problem says that something is wrong."""
    return {error["pointer"] for error in problem["errors"]}
