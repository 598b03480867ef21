"""Looks after what nobody asks for: announcements of instances that died, and brokers that forgot."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from uuid import uuid4

from aiokafka import TopicPartition

from shared.flow.announcement import Announcement
from shared.flow.crash import crash_point
from shared.flow.errors import again_and_again
from shared.flow.flow import Flow
from shared.flow.lanes import Lane
from shared.flow.rewritten import Mark
from shared.flow.voice import pending
from shared.observability.observer import Observer, nobody
from shared.storage.documents import Span

ROUND = 1.0
"""Seconds between looks at the other lanes."""

LATE = 60.0
"""Seconds in which a write of a life that has ended may still arrive."""

LOG_CHECK = 10.0
"""Seconds between looks at the last record that each topic was given."""

SETTLING = 3.0
"""Seconds that everyone who hears gets to notice the shorter log, before histories are announced again."""

Rewritten = Callable[[Mapping[TopicPartition, Collection[Mark]]], Awaitable[Collection[TopicPartition]]]


class Keeper:
    """The background work of one instance; several at once are harmless, because all who hear are idempotent."""

    def __init__(self, flows: Sequence[Flow], rewritten: Rewritten, observer: Observer | None = None) -> None:
        self.flows = flows
        self.voice = flows[0].voice
        self.own = {flow.lanes.own.name for flow in flows}
        self.rewritten = rewritten
        self.observer = observer or nobody()
        self._own = {"_id": self.voice.lanes.own.name}
        self._repeating = asyncio.Lock()
        self._unfinished = self.voice.documents.database["unfinished"]
        self._seen: dict[str, str] = {}
        self._marks: dict[str, dict[str, float]] = {}
        self._swept: dict[str, frozenset[str]] = {}
        self._begun = time.monotonic()
        self._checked = 0.0

    async def run(self) -> None:
        """Go round until cancelled; what fails in passing is tried again in the next round."""
        await again_and_again(self.look, ROUND)

    async def look(self) -> None:
        """One round: settle writes, sweep lanes that stand still, check what is on the topics, announce again what was lost."""
        for flow in self.flows:
            await flow.settle()
        await self._sweep()
        if time.monotonic() > self._checked + LOG_CHECK:
            # Noted first, so that a broker that does not tell keeps nothing else waiting.
            self._checked = time.monotonic()
            await self._compare_logs()
        if await self._is_due():
            await asyncio.sleep(SETTLING)
            await self.announce_again()

    async def announce_again(self) -> int:
        """Announce every history of this service from its beginning; how many announcements that were.

        Interrupted, by an error or the end of the process, it is done again from the beginning.
        """
        async with self._repeating:
            await self._begin()
            await self.voice.lanes.begin_anew()
            count = await self._announce_all(uuid4().hex)
            await self.voice.lanes.remember()
            await self._unfinished.delete_one(self._own)
        self.observer.announced_again(count)
        return count

    async def _begin(self) -> None:
        await self._unfinished.replace_one(self._own, self._own, upsert=True)

    async def _announce_all(self, again: str) -> int:
        count = 0
        for collection in self.voice.collections:
            async for documents in self.voice.documents.every(collection):
                said = [Announcement.loaded(raw) for document in documents for raw in document.history]
                await self.voice.announcer.announce(said, again)
                crash_point("amid-announcing-again")
                count += len(said)
        return count

    async def _is_due(self) -> bool:
        if self._repeating.locked():
            return False
        if self.voice.announcer.lost:
            # Others go on writing where something was lost, so that a next life might not notice it any more.
            await self._begin()
        return bool(await self._unfinished.find_one(self._own))

    async def _sweep(self) -> None:
        for flow in self.flows:
            await flow.lanes.refresh()
        for lane in [lane for lane in self.voice.lanes.known.values() if lane.name not in self.own]:
            if self._seen.get(lane.name) == lane.done:
                await self._sweep_lane(lane)
            self._seen[lane.name] = lane.done
        for flow in [flow for flow in self.flows if flow.lanes.earlier.below]:
            await self._say_earlier(flow)

    async def _say_earlier(self, flow: Flow) -> None:
        # Until its voice has said it, what an earlier life left is the voice's to say.
        if flow.voice.behind or flow.voice.found is None:
            return
        await self._say(flow.lanes.earlier, flow.voice.found)
        if time.monotonic() > self._begun + LATE:
            await flow.lanes.close_earlier()

    async def _sweep_lane(self, lane: Lane) -> None:
        before, now = self._marks.get(lane.name, {}), time.monotonic()
        marks = await self._say(lane.pending)
        self._marks[lane.name] = {mark: before.get(mark, now) for mark in marks}
        # Of a batch that was followed by another one before this look began, or that has been there for long, all was seen.
        over = [
            mark for mark in marks if mark < max(before, default="") or now > before.get(mark, now) + LATE
        ]
        for mark in over[-1:]:
            await self.voice.lanes.swept(lane, mark)

    async def _say(self, span: Span, said: frozenset[str] = frozenset()) -> list[str]:
        """Say what is pending under these marks and not yet said, once; the marks."""
        found = await pending(self.voice.documents, self.voice.collections, span)
        known = self._swept.get(span.below, said)
        await self.voice.announcer.announce([one for one in found.said if one.id not in known])
        self._swept[span.below] = found.ids
        return found.marks

    async def _compare_logs(self) -> None:
        announcer = self.voice.announcer
        looked_at = {*announcer.doubtful, *announcer.acked.items()}
        marks: dict[TopicPartition, list[Mark]] = {}
        for place, mark in looked_at:
            marks.setdefault(TopicPartition(*place), []).append(mark)
        if marks and await self.rewritten(marks):
            announcer.lost = True
        elif announcer.doubtful & looked_at:
            announcer.doubtful -= looked_at
            await self.voice.lanes.remember()
