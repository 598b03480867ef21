"""The whole circulation at a glance: what is in each stage, and what moves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from services.discover.audience import Show
from services.discover.domain.item import Stage
from services.discover.domain.journey import Note
from services.discover.shown import Circulation, Moved
from services.discover.storage import DiscoverStorage
from shared.storage.document import Document

SERVICE_OF: dict[Stage, str] = {
    Stage.CAPTURED: "discover",
    Stage.SHARED: "share",
    Stage.NOMINATED: "codify",
    Stage.CHANGES_REQUESTED: "codify",
    Stage.REJECTED: "codify",
    Stage.APPROVED: "codify",
    Stage.MERGED: "codify",
    Stage.PUBLISHED: "codify",
    Stage.DELIVERED: "spread",
    Stage.ADOPTED: "spread",
}
"""Where an item is at each stage; what was retired or withdrawn is nowhere."""

LOOK_BACK = timedelta(seconds=5)
"""Events are noted a little after they happened; that far back the stream looks for late ones."""

PAUSE = 0.25


async def where_it_is(storage: DiscoverStorage, show: Show) -> Circulation:
    """How much is where, and the last things that moved, as they are to be shown."""
    detail = await storage.by_stage()
    stages = dict.fromkeys(("discover", "share", "codify", "spread"), 0)
    for stage, service in SERVICE_OF.items():
        stages[service] += detail[stage]
    recent = await moved(storage, await storage.latest(20))
    return Circulation(stages=stages, detail=dict(detail), recent=[show(step) for step in recent])


async def moved(storage: DiscoverStorage, notes: list[Document[Note]]) -> list[Moved]:
    """The notes with the titles of their items."""
    titles = await storage.titles({note.known.item_id for note in notes})
    return [
        Moved(event_id=note.id, title=titles.get(note.known.item_id, ""), **note.known.model_dump())
        for note in notes
    ]


async def movements(storage: DiscoverStorage) -> AsyncIterator[Moved]:
    """What happens from now on, each thing once, for as long as somebody watches."""
    seen: set[str] = set()
    start = datetime.now(UTC)
    while True:
        notes = await storage.since(max(start, datetime.now(UTC) - LOOK_BACK))
        fresh = [note for note in notes if note.id not in seen]
        for one in await moved(storage, fresh):
            yield one
        seen = {note.id for note in notes}
        await asyncio.sleep(PAUSE)
