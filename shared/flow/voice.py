"""Says what was stored, in order, while the next batch is already being stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.flow.announcement import Announcement
from shared.flow.announcer import Announcer
from shared.flow.crash import crash_point
from shared.flow.errors import Fault, fault_of
from shared.flow.lanes import Lanes
from shared.storage.document import Collection
from shared.storage.documents import Documents, Span

PAUSE = 0.5
"""Seconds between attempts while Kafka or MongoDB is away."""


class Voice:
    """The one that announces in this instance's lane.

    `behind` means that some announcements are only in the documents (Kafka was away, or a write ended in doubt): they
    are read from there before anything else is said. `found` are the ids of what was read there last and is on its topics;
    None until that was once.
    """

    def __init__(
        self,
        documents: Documents,
        collections: Sequence[Collection[Any]],
        announcer: Announcer,
        lanes: Lanes,
    ) -> None:
        self.documents = documents
        self.collections = collections
        self.announcer = announcer
        self.lanes = lanes
        self.busy = asyncio.Lock()
        self.behind = True
        self.found: frozenset[str] | None = None
        self._queue: list[Announcement] = []
        self._stored = ""
        self._acknowledged = ""
        self._wake = asyncio.Event()
        self._progress = asyncio.Condition()

    def say(self, said: Sequence[Announcement]) -> None:
        """Queue what was just stored; in doubt (`behind`) the documents are asked instead."""
        if not self.behind:
            self._queue += said

    def stored(self, mark: str) -> None:
        """Everything of the batch with this mark is stored and queued; only now may the mark count as done."""
        self._stored = mark
        self._wake.set()

    def doubt(self) -> None:
        """A write ended without an answer: what it stored, if anything, must be found and said."""
        self.behind = True
        self._wake.set()

    async def out(self, mark: str) -> None:
        """Wait until everything up to this mark is acknowledged, however long Kafka is away."""
        async with self._progress:
            await self._progress.wait_for(lambda: not self.behind and self._acknowledged >= mark)

    async def run(self) -> None:
        """Announce until cancelled; what fails in passing is tried again."""
        while True:
            try:
                await self._say_next()
            except Exception as error:
                self.behind = True
                if fault_of(error) is not Fault.PASSING or self.lanes.fenced:
                    raise
                await asyncio.sleep(PAUSE)

    async def _say_next(self) -> None:
        if not self.behind:
            await self._wake.wait()
        self._wake.clear()
        looked = self.behind
        said, mark = await self._pending() if looked else self._queued()
        crash_point("before-announce")
        await self.announcer.announce(said)
        crash_point("after-acknowledged")
        if looked:
            self.found = frozenset(one.id for one in said)
        async with self._progress:
            self._acknowledged = mark
            self._progress.notify_all()
        if mark > self.lanes.own.done:
            # Nobody waits for it: who forgets that this is out says it once more.
            await self.lanes.done(mark)
        crash_point("after-done")

    def _queued(self) -> tuple[list[Announcement], str]:
        said, self._queue = self._queue, []
        return said, self._stored

    async def _pending(self) -> tuple[list[Announcement], str]:
        async with self.busy:
            found = await pending(self.documents, self.collections, self.lanes.own.pending)
            self._queue = []
            self.behind = False
            return found.said, self._stored


@dataclass(frozen=True)
class Pending:
    """What was stored and may not be out, in the order in which it was stored, and under which marks."""

    said: list[Announcement]
    marks: list[str]

    @property
    def ids(self) -> frozenset[str]:
        """What was said, by the ids of its announcements."""
        return frozenset(one.id for one in self.said)


async def pending(documents: Documents, collections: Sequence[Collection[Any]], span: Span) -> Pending:
    """What was said under these marks and may not be out."""
    found = [document for collection in collections for document in await documents.marked(collection, span)]
    found.sort(key=lambda document: document.mark)
    said = [Announcement.loaded(raw) for document in found for raw in document.unannounced()]
    return Pending(said, sorted({document.mark for document in found}))
