"""Asks the broker and the database for what only they know, when somebody scrapes the metrics.

Nobody who does not scrape pays for it, and what is shown is no older than a scrape; who scrapes more often than every
five seconds sees the same values again, so that a public address cannot be used to keep the servers busy.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.flow.dead_letters import DEAD_LETTERS, ON_THE_LIST
from shared.flow.engine import Engine
from shared.observability.metrics import LAG, LETTERS, NOT_MEASURED, PENDING, PENDING_AGE, READY, Measured
from shared.storage.document import Collection
from shared.storage.documents import Query

KEEPS = 5.0
"""Seconds for which values are shown again."""

PATIENCE = 2.0
"""Seconds that a server gets; what it does not tell until then is left out."""

Measure = Callable[[], Awaitable[Sequence[Measured]]]


class Measuring:
    """Keeps an engine's gauges fresh for those who look."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def now(self) -> None:
        """Let the gauges be what they are now, or were at most five seconds ago."""
        async with self._turn:
            if time.monotonic() < self._until:
                return
            measures = (self._ready, self._lag, self._pending, self._dead_letters, self.engine.measured)
            found = await asyncio.gather(*(self._ask(measure) for measure in measures))
            self.engine.observer.metrics.show(one for measured in found for one in measured)
            self._until = time.monotonic() + KEEPS

    async def _ask(self, measure: Measure) -> Sequence[Measured]:
        try:
            async with asyncio.timeout(PATIENCE):
                return await measure()
        except Exception:  # noqa: BLE001 - metrics are wanted most when something is wrong.
            self.engine.observer.metrics.of(NOT_MEASURED).inc()
            return ()

    async def _ready(self) -> Sequence[Measured]:
        return [Measured(READY, 0 if self.engine.trouble() else 1)]

    async def _lag(self) -> Sequence[Measured]:
        return [Measured(LAG, count, {"topic": topic}) for topic, count in (await self.engine.lag()).items()]

    async def _dead_letters(self) -> Sequence[Measured]:
        count = await self.engine.documents.count(DEAD_LETTERS, ON_THE_LIST)
        return [Measured(LETTERS, count)]

    async def _pending(self) -> Sequence[Measured]:
        lanes = self.engine.asked.lanes
        await lanes.refresh()
        behind = [lane.pending.filter() for lane in lanes.known.values()]
        counts, oldest = [], []
        for collection in self.engine.asked.voice.collections:
            counts.append(await self.engine.documents.count(collection, {"$or": behind}))
            if counts[-1]:
                oldest += [said for where in behind for said in await self._oldest(collection, where)]
        age = (datetime.now(UTC) - min(oldest)).total_seconds() if oldest else 0.0
        return [Measured(PENDING, sum(counts)), Measured(PENDING_AGE, max(0.0, age))]

    async def _oldest(self, collection: Collection[Any], where: Mapping[str, Any]) -> list[datetime]:
        documents = self.engine.documents
        page = await documents.page(collection, Query(where, by="mark", limit=1))
        oldest = await documents.load(collection, {one.id for one in page.documents})
        said = [one for document in oldest.values() for one in document.unannounced()[:1]]
        return [datetime.fromisoformat(one["time"]) for one in said]
