"""Group commit: requests that arrive together are stored together."""

import asyncio
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shared.flow.announcement import Cause
from shared.flow.errors import Fault, Passing, fault_of
from shared.flow.flow import Flow
from shared.flow.fold import Job

AWAY = "This cannot be stored at the moment."
LARGEST = 200
PATIENCE = 1.5
"""Seconds that a request waits to be stored before it is told to come again."""


@dataclass(frozen=True)
class Done:
    """What became of a command: the documents as they are now, by collection, and whether anything changed."""

    job: Job

    @property
    def changed(self) -> bool:
        """False where the same had been done before."""
        return self.job.changed

    def state(self, collection: str) -> Any:
        """The state that the command's step left in this collection."""
        return self.job.documents[collection].known


class Commands:
    """The queue between requests and the engine."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._queue: asyncio.Queue[tuple[Job, asyncio.Future[None]]] = asyncio.Queue(maxsize=2000)

    async def do(self, command: BaseModel, traceparent: str = "") -> Done:
        """Store what comes of a command; it is announced right after.

        Raises:
            Refused: the rules say no.
            Passing: the database does not answer in time; whether it was stored is not known, asking again is safe.
        """
        job = Job(command, Cause.request(traceparent))
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._queue.put((job, stored))
                await stored
        except TimeoutError as error:
            raise Passing(AWAY) from error
        for refusal in job.errors.values():
            raise refusal
        return Done(job)

    async def run(self) -> None:
        """Store batches until cancelled."""
        while True:
            batch = [await self._queue.get()]
            while len(batch) < LARGEST and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._store([one for one in batch if not one[1].done()])

    async def _store(self, batch: list[tuple[Job, "asyncio.Future[None]"]]) -> None:
        try:
            await self.flow.store([job for job, _ in batch])
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asked.
            await self._fail(batch, error)
        else:
            for _, stored in batch:
                _settle(stored, None)

    async def _fail(self, batch: list[tuple[Job, "asyncio.Future[None]"]], error: Exception) -> None:
        passing = fault_of(error) is Fault.PASSING
        if len(batch) == 1 or passing:
            for _, stored in batch:
                _settle(stored, Passing(AWAY) if passing else error)
            return
        for one in batch:
            await self._store([one])


def _settle(stored: "asyncio.Future[None]", error: Exception | None) -> None:
    if stored.done():
        return
    if error is None:
        stored.set_result(None)
    else:
        stored.set_exception(error)
