"""Who is asking: every route asks the policy first, and limits are counted per person."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from shared.flow.engine import Engine
from shared.identity.people import Person
from shared.identity.policy import Verdict, verdict
from shared.identity.tokens import NotSignedIn, Tokens

REMEMBERED = 10_000


class Limits:
    """A token bucket for each person: so many requests a minute, and no more than that at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, person: str) -> float:
        """Count one request; 0 if it may go on, otherwise the seconds until it may."""
        now = self.clock()
        left, at = self._buckets.pop(person, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - at) * self.per_minute / 60)
        allowed = left >= 1
        self._buckets[person] = (left - 1 if allowed else left, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self.per_minute


async def admit(request: Request) -> None:
    """Let the request in if the policy's table says so, and remember who it is.

    Raises:
        NotSignedIn: the route is not for everyone, and nobody known asks.
        HTTPException: 403 by the table, 429 over the limit.
    """
    bearer = bearer_of(request)
    tokens: Tokens = request.app.state.tokens
    person = await tokens.person(bearer) if bearer else None
    answer = verdict(request.method, request.scope["route"].path, person)
    if answer is Verdict.SIGN_IN:
        raise NotSignedIn("Sign in first: send `Authorization: Bearer …`, or use `knowhow sign-in`.")
    if answer is Verdict.FORBIDDEN:
        raise HTTPException(403, "Your roles do not include this; ask an administrator.")
    request.state.person = person
    _count(request, person)


def bearer_of(request: Request) -> str | None:
    """The token that a request was sent with, or None where it was sent by somebody unknown.

    Raises:
        NotSignedIn: the header holds something else.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send the token as `Authorization: Bearer …`.")
    return token.strip()


def _count(request: Request, person: Person | None) -> None:
    limits: Limits = request.app.state.limits
    wait = limits.wait(person.id) if person else 0.0
    if wait:
        seconds = str(int(wait) + 1)
        raise HTTPException(
            429, f"That is a lot at once; try again in {seconds} s.", {"Retry-After": seconds}
        )


# FastAPI would send each request through a thread for a dependency that is no coroutine.
async def _actor(request: Request) -> Person:
    person: Person = request.state.person
    return person


async def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


Actor = Annotated[Person, Depends(_actor)]
Flow = Annotated[Engine, Depends(_engine)]
