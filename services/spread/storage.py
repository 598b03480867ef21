"""What spread keeps: subscriptions, entries, matches, deliveries and reports; and the search index beside them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.spread.collections import DELIVERIES, ENTRIES, MATCHES, SUBSCRIPTIONS
from services.spread.domain.feed import Delivery, Recipient, SpreadEntry
from services.spread.domain.subscription import Subscription, Wanted
from services.spread.searching import Searching
from services.spread.steps.report_adoption import ReportAdoption
from shared.contracts.codify import Entry
from shared.storage.document import Document
from shared.storage.documents import Documents, Page, Query

CHUNK = 500


class SpreadStorage:
    """Spread's queries; `searching` is its search index."""

    def __init__(self, documents: Documents, searching: Searching) -> None:
        self.documents = documents
        self.searching = searching

    async def matching(self, heard: Sequence[Entry]) -> list[list[Subscription]]:
        """The subscriptions that each entry matches, as they stand now; what was matched before is not asked again.

        What is retired by the time it is heard of matches none.
        """
        known = await self.documents.load(MATCHES, {match_id(one) for one in heard})
        retired = await self.retired({one.entry_id for one in heard})
        new = [one for one in heard if match_id(one) not in known and one.entry_id not in retired]
        entries = [SpreadEntry.model_validate(dict(one)) for one in new]
        found = dict(zip(map(match_id, new), await self.searching.match(entries), strict=True))
        return [found.get(match_id(one), []) for one in heard]

    async def recipients(self, heard: Sequence[Entry]) -> list[Sequence[Recipient]]:
        """Whom each entry's version goes to, as it was written down."""
        known = await self.documents.load(MATCHES, {match_id(one) for one in heard})
        return [known[match_id(one)].known.recipients for one in heard]

    async def entry_of(self, heard: Sequence[ReportAdoption]) -> list[SpreadEntry | None]:
        """The entry that each report is about."""
        found = await self.documents.load(ENTRIES, {one.entry_id for one in heard})
        return [found[one.entry_id].state if one.entry_id in found else None for one in heard]

    async def entry(self, entry_id: str) -> SpreadEntry | None:
        """One entry, or None."""
        found = await self.documents.get(ENTRIES, entry_id)
        return found.state if found else None

    async def subscription(self, subscription_id: str) -> Document[Subscription] | None:
        """One subscription, or None; a removed one counts as none."""
        found = await self.documents.get(SUBSCRIPTIONS, subscription_id)
        return None if found is None or found.known.removed else found

    async def subscriptions(
        self, department: str | None, limit: int, after: tuple[Any, str] | None
    ) -> Page[Subscription]:
        """Subscriptions, of one department or all."""
        where = {"state.removed": False} | ({"state.department": department} if department else {})
        return await self.documents.page(SUBSCRIPTIONS, Query(where, limit=limit, after=after))

    async def same(self, department: str, wanted: Wanted) -> Subscription | None:
        """The department's subscription to exactly this, if there is one."""
        where = {"state.department": department, "state.removed": False, "state.wanted": wanted.model_dump()}
        page = await self.documents.page(SUBSCRIPTIONS, Query(where, limit=1))
        return page.documents[0].state if page.documents else None

    async def feed(self, department: str, limit: int, after: tuple[Any, str] | None) -> Page[Delivery]:
        """A department's feed, the newest first."""
        query = Query(
            {"state.department": department},
            "state.delivered_at",
            newest_first=True,
            limit=limit,
            after=after,
        )
        return await self.documents.page(DELIVERIES, query)

    async def delivery(self, department: str, delivery_id: str) -> Document[Delivery] | None:
        """One delivery to a department, or None."""
        found = await self.documents.get(DELIVERIES, delivery_id)
        return found if found and found.known.department == department else None

    async def delivered_since(self, department: str, moment: datetime) -> Page[Delivery]:
        """The first of what reached a department at or after a moment, in order."""
        where = {"state.department": department, "state.delivered_at": {"$gte": moment}}
        return await self.documents.page(DELIVERIES, Query(where, "state.delivered_at", limit=CHUNK))

    async def retired(self, entry_ids: set[str]) -> set[str]:
        """Which of these entries are retired."""
        found = await self.documents.load(ENTRIES, entry_ids)
        return {key for key, document in found.items() if document.known.retired}


def match_id(entry: Entry) -> str:
    """One match for each version of an entry."""
    return f"{entry.entry_id}:{entry.version}"
