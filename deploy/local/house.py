"""A running house as its people see it: signing in and asking, through the public HTTP API and nothing else."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Collection
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import httpx

from deploy.local.waiting import Unfinished, until

_BUSY: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PATIENCE_WITH_BUSY: Final = 120.0


class House:
    """Acts for the people of the sample; a service that is busy or away is asked again when it said so."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._tokens: dict[str, str] = {}
        self._not_before: dict[str, float] = {}

    async def get(self, person: str, path: str, **query: str) -> Any:
        """What is there, or None where there is nothing (yet).

        Raises:
            Unfinished: the house refuses, or stays away for two minutes.
        """
        answer = await self._as(person, "GET", path, params=query, but={HTTPStatus.NOT_FOUND})
        return None if answer.status_code == HTTPStatus.NOT_FOUND else answer.json()

    async def find(self, person: str, path: str, fits: Callable[[Any], bool], **query: str) -> Any:
        """The first thing in a list that fits, over all its pages, or None.

        Raises:
            Unfinished: the house refuses, or stays away for two minutes.
        """
        page = await self.get(person, path, **query)
        while page:
            if found := [one for one in page["items"] if fits(one)]:
                return found[0]
            cursor = page.get("next")
            page = await self.get(person, path, **query, cursor=cursor) if cursor else None
        return None

    async def post(
        self, person: str, path: str, body: Any, key: str, but: Collection[int] = ()
    ) -> httpx.Response:
        """Do something under a key, so that doing it again changes nothing; `but` names refusals that are fine.

        Raises:
            Unfinished: the house refuses for another reason, or stays away for two minutes.
        """
        return await self._as(
            person, "POST", path, json=body, headers={"Idempotency-Key": f"sample-{key}"}, but=but
        )

    async def put(self, person: str, path: str, body: Any = None) -> None:
        """Make it so; it may be so already.

        Raises:
            Unfinished: the house refuses, or stays away for two minutes.
        """
        await self._as(person, "PUT", path, json=body)

    async def _as(
        self, person: str, method: str, path: str, *, but: Collection[int] = (), **rest: Any
    ) -> httpx.Response:
        headers = {**rest.pop("headers", {}), "Authorization": f"Bearer {await self._token(person)}"}
        return await self._ask(person, method, path, but=but, headers=headers, **rest)

    async def _token(self, person: str) -> str:
        if person not in self._tokens:
            answer = await self._ask(person, "POST", "/identity/tokens", json={"person": person})
            self._tokens[person] = answer.json()["access_token"]
        return self._tokens[person]

    async def _ask(
        self, person: str, method: str, path: str, *, but: Collection[int] = (), **rest: Any
    ) -> httpx.Response:
        look = partial(self._once, person, method, path, rest)
        answer = await until(look, f"An answer to {method} {path}", _PATIENCE_WITH_BUSY)
        if answer.is_error and answer.status_code not in but:
            raise Unfinished(_refusal(person, answer))
        return answer

    async def _once(self, person: str, method: str, path: str, rest: dict[str, Any]) -> httpx.Response | None:
        if time.monotonic() < self._not_before.get(person, 0.0):
            return None
        try:
            answer = await self._client.request(method, path, **rest)
        except httpx.TransportError:
            return None
        if answer.status_code not in _BUSY:
            return answer
        self._not_before[person] = time.monotonic() + _seconds(answer.headers.get("Retry-After", ""))
        return None


@contextlib.asynccontextmanager
async def open_house(base_url: str) -> AsyncIterator[House]:
    """The house at this address, until the block ends."""
    # The house is on this machine: a proxy from the environment would only get in the way.
    async with httpx.AsyncClient(base_url=base_url, timeout=10.0, trust_env=False) as client:
        yield House(client)


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdecimal() else 0.0


def _refusal(person: str, answer: httpx.Response) -> str:
    asked = f"{answer.request.method} {answer.request.url.path}"
    try:
        why = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        why = answer.reason_phrase
    return f"The house refused {asked} of {person} with {answer.status_code} ({why}): start again with SAMPLE=no."
