"""Who follows what, as the documents say: an index may lag behind them."""

from collections.abc import Collection, Sequence
from typing import Protocol

from services.spread.collections import SUBSCRIPTIONS
from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription
from services.spread.domain.topics import with_ancestors
from shared.storage.documents import Documents, Query

MOST = 100_000
"""Subscriptions to some topics that are looked through; whoever has more needs a percolator."""


class Following(Protocol):
    """Finds subscriptions that stand now and whose topics and kinds fit an entry."""

    async def fitting(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """All of them, for each entry."""

    async def named(
        self, entries: Sequence[SpreadEntry], names: Sequence[Collection[str]]
    ) -> list[list[Subscription]]:
        """For each entry those of its names."""


class StoredFollowing:
    """Asks spread's documents."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    async def fitting(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As the protocol says, with one query."""
        topics = {topic for one in entries for topic in with_ancestors(one.content.topics)}
        where = {"state.wanted.topics": {"$in": sorted(topics)}, "state.removed": False}
        page = await self.documents.page(SUBSCRIPTIONS, Query(where, limit=MOST))
        known = [document.known for document in page.documents]
        return [[one for one in known if one.follows(entry.content)] for entry in entries]

    async def named(
        self, entries: Sequence[SpreadEntry], names: Sequence[Collection[str]]
    ) -> list[list[Subscription]]:
        """As the protocol says, with one query."""
        found = await self.documents.load(SUBSCRIPTIONS, {name for some in names for name in some})
        known = [[found[name].known for name in some if name in found] for some in names]
        return [
            [one for one in candidates if one.follows(entry.content)]
            for entry, candidates in zip(entries, known, strict=True)
        ]
