"""Does things over HTTP as people would, again and again with the same key until they know, and writes down what they know."""

import asyncio
import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any

import aiohttp
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.local.keys import identity_in
from shared.identity.issuer import load_people
from tests.chaos.history import Act, History, Outcome
from tests.chaos.process import Supervised
from tests.chaos.town import Town

PATIENCE = 60.0
"""Seconds after which a person gives up."""

PAUSE = 0.25
LONGEST = 8.0
CONNECTIONS = 400
NOT_YET = frozenset({404})
A_DAY = 24 * 3600


@dataclass(frozen=True)
class Ask:
    """A request to a service."""

    method: str
    service: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Client:
    """People who know where each service is; they come to its instances in turns, as through any load balancer."""

    def __init__(self, town: Town, history: History) -> None:
        self.town = town
        self.history = history
        self.give_up_after = PATIENCE
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(LONGEST), connector=aiohttp.TCPConnector(limit=CONNECTIONS)
        )
        self._tokens = tokens(town)
        self._turns = count()

    async def close(self) -> None:
        """Let all connections go."""
        await self._http.close()

    async def once(self, person: str, ask: Ask, at: Supervised | None = None) -> tuple[Outcome, int, Any]:
        """One request, `at` this instance or any, and what is known after it."""
        headers = {"Authorization": f"Bearer {self._tokens[person]}", **ask.headers}
        instances = self.town.services[ask.service]
        url = (at or instances[next(self._turns) % len(instances)]).url
        try:
            async with self._http.request(
                ask.method, f"{url}{ask.path}", headers=headers, json=ask.body
            ) as answer:
                return _outcome(answer.status), answer.status, _body(await answer.read())
        except (aiohttp.ClientError, OSError, TimeoutError):
            return Outcome.UNKNOWN, 0, None

    async def get(self, person: str, service: str, path: str) -> Any:
        """What is there, or None where nothing is or nobody answers."""
        outcome, _, body = await self.once(person, Ask("GET", service, path))
        return body if outcome is Outcome.OK else None

    async def lag(self, service: str) -> int | None:
        """How many records its instances have still to hear; None where one of them does not answer, or is not ready."""
        ask = Ask("GET", service, "/status")
        told = await asyncio.gather(*(self.once("admin", ask, one) for one in self.town.services[service]))
        answers = [body for outcome, _, body in told if outcome is Outcome.OK and body["ready"]]
        return sum(sum(one["lag"].values()) for one in answers) if len(answers) == len(told) else None

    async def do(
        self, act: Act, ask: Ask, not_yet: Collection[int] = NOT_YET, tries: int = 1_000_000
    ) -> bool:
        """Try until it is known what became of it, for so many tries or seconds; True where it was done."""
        deadline = time.monotonic() + self.give_up_after
        in_doubt = False
        for _ in range(tries):
            outcome, act.status, body = await self.once(act.by, ask)
            waits = act.status in not_yet
            self.history.answered(Outcome.OK if waits else outcome)
            if outcome is Outcome.OK:
                return self._settled(act, Outcome.OK, body)
            in_doubt = in_doubt or outcome is Outcome.UNKNOWN
            if (outcome is Outcome.FAILED and not waits) or time.monotonic() > deadline:
                break
            await asyncio.sleep(PAUSE)
        return self._settled(act, Outcome.UNKNOWN if in_doubt else Outcome.FAILED, body)

    def _settled(self, act: Act, outcome: Outcome, body: Any) -> bool:
        act.outcome, act.known = outcome, self.history.now()
        act.answer = body if isinstance(body, dict) else {}
        return outcome is Outcome.OK


def _outcome(status: int) -> Outcome:
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.OK
    return Outcome.UNKNOWN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.FAILED


def _body(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def tokens(town: Town) -> dict[str, str]:
    """A token for each of the people, good a day before and after now, so that services may disagree about the time."""
    directory = identity_in(town.data)
    key = OKPKey.import_key(json.loads((directory / "issuer.jwk").read_text("utf-8")))
    now = int(time.time())
    fixed = {
        "iss": town.settings.issuer,
        "aud": town.settings.audience,
        "iat": now - A_DAY,
        "exp": now + A_DAY,
    }
    header = {"alg": "Ed25519", "kid": key.kid}
    return {
        person.id: jwt.encode(
            header,
            fixed | {"sub": person.id} | person.model_dump(mode="json", exclude={"id"}),
            key,
            algorithms=["Ed25519"],
        )
        for person in load_people(directory)
    }
