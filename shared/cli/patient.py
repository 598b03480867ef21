"""A client for long work, which asks a server again that is busy or away for a while."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx

from shared.cli.answers import BUSY, failure, no_answer, retry_after
from shared.cli.house import House

AT_ONCE = 32
"""Requests under way at the same time; the services store what arrives together in one write."""


class Patient:
    """Asks the house, each request again for up to `wait` seconds; calls `waiting` with a sentence when it must.

    A server that has never answered is taken to be away at once. Only what may safely be asked twice belongs here.
    """

    def __init__(
        self, house: House, client: httpx.AsyncClient, wait: float, waiting: Callable[[str], object]
    ) -> None:
        self._house, self._client, self._wait, self._waiting = house, client, wait, waiting
        self._answered = False

    async def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """The first answer that is not about being busy; it may be a refusal.

        Raises:
            Away: there was none in time.
            NotSignedIn: the server wants to know who asks.
        """
        until: float | None = None
        while True:
            answer = await self._once(method, path, rest)
            if isinstance(answer, httpx.Response) and answer.status_code not in BUSY:
                return _known(answer)
            pause = _pause(answer)
            until = until or time.monotonic() + self._wait
            if time.monotonic() + pause > until or not self._answered:
                raise self._end(answer)
            self._waiting(f"the server is busy or away; asking again in {pause:.0f} s")
            await asyncio.sleep(pause)

    async def _once(
        self, method: str, path: str, rest: dict[str, Any]
    ) -> httpx.Response | httpx.TransportError:
        try:
            answer = await self._client.request(method, path, **rest)
        except httpx.TransportError as error:
            return error
        self._answered = True
        return answer

    def _end(self, answer: httpx.Response | httpx.TransportError) -> Exception:
        return (
            failure(answer) if isinstance(answer, httpx.Response) else no_answer(self._house.server, answer)
        )


@asynccontextmanager
async def patient(house: House, wait: float, waiting: Callable[[str], object]) -> AsyncIterator[Patient]:
    """A patient client for this house, until the block ends."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(**house.options(), limits=limits) as client:
        yield Patient(house, client, wait, waiting)


def _known(answer: httpx.Response) -> httpx.Response:
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise failure(answer)
    return answer


def _pause(answer: httpx.Response | httpx.TransportError) -> float:
    return retry_after(answer) if isinstance(answer, httpx.Response) else 1.0
