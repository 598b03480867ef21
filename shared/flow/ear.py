"""Hears a service's topics in batches, and commits only what is stored and said."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from itertools import chain, repeat

from shared.contracts.base import Said
from shared.flow.announcement import Cause
from shared.flow.crash import crash_point
from shared.flow.dead_letters import DEAD_LETTERS, Letter, letter, letter_id
from shared.flow.errors import Fault, fault_of
from shared.flow.flow import Flow
from shared.flow.fold import Job
from shared.flow.guard import Guard
from shared.flow.hearing import Record, Unreadable, cause_of, headers_of, read
from shared.flow.step import On
from shared.observability.observer import explained

TRIES = 3
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between attempts while a server is away; the last one repeats."""


def kinds_of(rows: Sequence[On]) -> dict[str, type[Said]]:
    """The events that a table names, by their names."""
    return {row.heard.__name__: row.heard for row in rows if issubclass(row.heard, Said)}


def topics_of(kinds: Mapping[str, type[Said]]) -> list[str]:
    """The topics of these events."""
    return sorted({kind.topic for kind in kinds.values()})


class Ear:
    """One service's hearing: what its table names, and nothing else.

    `busy` while a batch is in hand; `waiting_for` says why it is held, or is empty; `skipped` counts events that the table
    does not name, or that are on a topic other than their own; `last_batch` is when the last one was through.
    """

    def __init__(self, flow: Flow, service: str) -> None:
        self.flow = flow
        self.service = service
        self.kinds = kinds_of(flow.rows)
        self.guard = Guard(time.monotonic)
        self.busy = False
        self.waiting_for = ""
        self.skipped = 0
        self.parked = 0
        self.last_batch = time.monotonic()

    @property
    def topics(self) -> list[str]:
        """The topics of all events that the table names."""
        return topics_of(self.kinds)

    async def hear(self, records: Sequence[Record]) -> None:
        """Return when all of it is stored and said, or parked; hearing it again changes nothing."""
        self.busy = True
        heard = {job: record for record in records if (job := self._job(record))}
        self.skipped += len(records) - len(heard)
        try:
            with self.flow.observer.hearing(list(heard), len(records) - len(heard)):
                await self._hold(heard)
        finally:
            self.busy = False
        self.last_batch = time.monotonic()

    async def hear_again(self, record: Record) -> None:
        """Hear one dead letter again.

        Raises:
            Exception: whatever still stands against it; the letter stays where it is.
        """
        job = self._job(record)
        for error in (await self._culprits([job]) if job else {}).values():
            raise error

    def _job(self, record: Record) -> Job | None:
        headers = headers_of(record)
        kind = self.kinds.get(headers.get("ce_type", ""))
        # Who may write one topic must not be able to say what belongs on another.
        if kind is None or not record.topic.endswith(kind.topic):
            return None
        return Job(read(record, kind), cause_of(headers, record))

    async def _hold(self, heard: Mapping[Job, Record]) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                await self._hear(heard)
            except Exception as error:  # noqa: BLE001 - a batch is never let go before it is stored or parked.
                self.waiting_for = explained(error)
                self.flow.observer.held(error)
                await asyncio.sleep(pause)
            else:
                self.waiting_for = ""
                return

    async def _hear(self, heard: Mapping[Job, Record]) -> None:
        culprits = await self._culprits(list(heard))
        letters = [letter(heard[job], error, self.service) for job, error in culprits.items()]
        suspicious = [
            one for one, (job, error) in zip(letters, culprits.items(), strict=True) if _is_odd(job, error)
        ]
        self.guard.check(len(heard), await self._new_among(suspicious))
        if letters:
            crash_point("before-park")
            await self._store([Job(one, Cause.request(one.trace)) for one in letters])
            crash_point("after-park")
            self.parked += len(letters)
            self.flow.observer.parked(letters, list(culprits.values()))

    async def _new_among(self, letters: Sequence[Letter]) -> int:
        # A log that is heard from the beginning brings what was parked long ago, and that is no flood.
        ids = {letter_id(one) for one in letters}
        known = await self.flow.documents.count(DEAD_LETTERS, {"_id": {"$in": list(ids)}}) if ids else 0
        return len(ids) - known

    async def _culprits(self, jobs: Sequence[Job]) -> dict[Job, Exception]:
        culprits: dict[Job, Exception] = {
            job: job.heard.why for job in jobs if isinstance(job.heard, Unreadable)
        }
        culprits |= await self._attempt([job for job in jobs if job not in culprits])
        for _ in range(TRIES - 1):
            for job in [job for job, error in culprits.items() if fault_of(error) is Fault.UNKNOWN]:
                del culprits[job]
                culprits |= await self._attempt([job])
        return culprits

    async def _attempt(self, jobs: Sequence[Job]) -> dict[Job, Exception]:
        try:
            await self._store(jobs)
        except Exception as error:
            if fault_of(error) is Fault.PASSING:
                raise
            return await self._split(jobs, error)
        return {job: error for job in jobs for error in list(job.errors.values())[:1]}

    async def _split(self, jobs: Sequence[Job], error: Exception) -> dict[Job, Exception]:
        if len(jobs) == 1:
            return {jobs[0]: error}
        middle = len(jobs) // 2
        return await self._attempt(jobs[:middle]) | await self._attempt(jobs[middle:])

    async def _store(self, jobs: Sequence[Job]) -> None:
        if jobs:
            mark = await self.flow.store(jobs)
            await self.flow.voice.out(mark)


def _is_odd(job: Job, error: Exception) -> bool:
    # That the rules say no to what somebody wished is an answer, and nothing that this service could do wrong.
    return isinstance(job.heard, Unreadable) or fault_of(error) is not Fault.REFUSED
