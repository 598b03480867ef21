"""What discover keeps: items, what happened to them, and which idempotency keys were used."""

from collections import Counter
from datetime import datetime
from typing import Any

from services.discover.domain.item import Item, Stage
from services.discover.domain.journey import Note
from services.discover.steps.capture_item import UsedKey
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents, Page, Query

ITEMS = Collection("items", Item, indexes=("state.captured_at,_id", "state.stage", "state.content.topics"))
NOTES = Collection("notes", Note, indexes=("state.item_id,state.at", "state.at,_id"))
KEYS = Collection("keys", UsedKey)

MOST_NOTES = 500


class DiscoverStorage:
    """Discover's queries."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    async def item(self, item_id: str) -> Document[Item] | None:
        """One item, or None."""
        return await self.documents.get(ITEMS, item_id)

    async def items(self, where: dict[str, Any], limit: int, after: tuple[Any, str] | None) -> Page[Item]:
        """Items that are not withdrawn, the newest first."""
        present = {"$and": [where, {"state.stage": {"$ne": Stage.WITHDRAWN}}]}
        query = Query(present, "state.captured_at", newest_first=True, limit=limit, after=after)
        return await self.documents.page(ITEMS, query)

    async def notes(self, item_id: str) -> list[Document[Note]]:
        """What happened to an item, in order."""
        query = Query({"state.item_id": item_id}, by="state.at", limit=MOST_NOTES)
        return (await self.documents.page(NOTES, query)).documents

    async def latest(self, limit: int) -> list[Document[Note]]:
        """What happened last in the whole house, the newest first."""
        return (
            await self.documents.page(NOTES, Query({}, "state.at", newest_first=True, limit=limit))
        ).documents

    async def since(self, moment: datetime) -> list[Document[Note]]:
        """What happened at or after a moment, in order."""
        where = {"state.at": {"$gte": moment}}
        return (await self.documents.page(NOTES, Query(where, "state.at", limit=MOST_NOTES))).documents

    async def titles(self, item_ids: set[str]) -> dict[str, str]:
        """The titles of these items, without those that were withdrawn."""
        stages = await self.documents.values(ITEMS, item_ids, "state.stage")
        present = [item_id for item_id, stage in stages.items() if stage != Stage.WITHDRAWN]
        return await self.documents.values(ITEMS, present, "state.content.title")

    async def by_stage(self) -> Counter[Stage]:
        """How many items are at each stage."""
        return Counter({stage: await self.documents.count(ITEMS, {"state.stage": stage}) for stage in Stage})
