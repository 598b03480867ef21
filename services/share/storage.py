"""What share keeps: shared items, what people did about them, and communities."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from services.share.domain.community import Community, Member
from services.share.domain.shared_item import Endorsement, Reactions, SharedItem, Trial
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents, Page, Query

ITEMS = Collection("items", SharedItem, indexes=("state.communities", "state.content.topics"))
ENDORSEMENTS = Collection("endorsements", Endorsement, indexes=("state.item_id",))
TRIALS = Collection("trials", Trial, indexes=("state.item_id",))
COMMUNITIES = Collection("communities", Community)
MEMBERS = Collection("members", Member, indexes=("state.community_id",))

MOST_COMMUNITIES = 1000
MOST_REACTIONS = 1000
"""Reactions to one item that evidence names; far more than a nomination needs."""


class AboutItem(Protocol):
    """Anything that names an item."""

    item_id: str


class ShareStorage:
    """Share's queries."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    async def communities(self) -> list[Community]:
        """All communities, by name."""
        page = await self.documents.page(COMMUNITIES, Query(limit=MOST_COMMUNITIES, by="state.name"))
        return [document.known for document in page.documents]

    async def communities_now(self, heard: Sequence[Any]) -> list[list[Community]]:
        """All communities, for each of what was heard."""
        return [await self.communities()] * len(heard)

    async def items_of(self, heard: Sequence[AboutItem]) -> list[SharedItem | None]:
        """The item that each is about."""
        found = await self.documents.load(ITEMS, {one.item_id for one in heard})
        return [found[one.item_id].known if one.item_id in found else None for one in heard]

    async def community_of(self, heard: Sequence[Any]) -> list[Community | None]:
        """The community that each is about."""
        found = await self.documents.load(COMMUNITIES, {one.community_id for one in heard})
        return [found[one.community_id].known if one.community_id in found else None for one in heard]

    async def reactions_to(self, heard: Sequence[AboutItem]) -> list[Reactions]:
        """All reactions to the item that each is about, counted now."""
        wanted = {"state.item_id": {"$in": sorted({one.item_id for one in heard})}}
        query = Query(wanted, limit=MOST_REACTIONS * len(heard))
        endorsements, trials = defaultdict(list), defaultdict(list)
        for endorsement in (await self.documents.page(ENDORSEMENTS, query)).documents:
            endorsements[endorsement.known.item_id].append(endorsement.known)
        for trial in (await self.documents.page(TRIALS, query)).documents:
            trials[trial.known.item_id].append(trial.known)
        return [
            Reactions(endorsements=tuple(endorsements[one.item_id]), trials=tuple(trials[one.item_id]))
            for one in heard
        ]

    async def item(self, item_id: str) -> Document[SharedItem] | None:
        """One item, or None."""
        return await self.documents.get(ITEMS, item_id)

    async def items(
        self, where: dict[str, Any], limit: int, after: tuple[Any, str] | None
    ) -> Page[SharedItem]:
        """Items that are not withdrawn."""
        return await self.documents.page(
            ITEMS, Query({"state.withdrawn": False} | where, limit=limit, after=after)
        )

    async def members(self, community_id: str) -> int:
        """How many people are in a community."""
        return await self.documents.count(MEMBERS, {"state.community_id": community_id, "state.left": False})
