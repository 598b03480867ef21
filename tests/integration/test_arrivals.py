"""Whoever watches a department's feed sees all that comes, also what is stored long after it was begun."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.spread.arrivals import arrivals
from services.spread.collections import DELIVERIES, ENTRIES
from services.spread.domain.feed import Delivery
from services.spread.events import ROWS
from services.spread.searching import Searching
from services.spread.storage import SpreadStorage
from shared.settings import Settings
from shared.storage.document import Document
from shared.storage.documents import Page
from shared.storage.search import connect
from tests.support.builders import delivery
from tests.support.counting import Counting
from tests.support.desk import desk
from tests.support.spreading import KIWI
from tests.support.subscribing import entry


class Looked(SpreadStorage):
    """Spread's storage, which tells when somebody has looked what came."""

    looked: asyncio.Event

    async def delivered_since(self, department: str, moment: datetime) -> Page[Delivery]:
        """As it does, and say so."""
        found = await super().delivered_since(department, moment)
        self.looked.set()
        return found


@pytest.fixture
async def storage(settings: Settings) -> AsyncIterator[Looked]:
    """Spread's, with nothing in it."""
    async with (
        desk(settings, Counting(f"spread-{uuid4().hex[:8]}"), rows=ROWS) as one,
        connect(settings.opensearch) as client,
    ):
        made = Looked(one.documents, Searching(one.documents, client, settings.prefix, "0"))
        made.looked = asyncio.Event()
        yield made


async def delivered(storage: SpreadStorage, key: str, *, ago: float) -> None:
    """Store a delivery that was begun so many seconds ago."""
    at = datetime.now(UTC) - timedelta(seconds=ago)
    known = delivery(entry_id=key, department="sales", delivered_at=at)
    assert not await storage.documents.save(DELIVERIES, [Document(key, state=known)])


async def test_what_was_there_before_is_no_news_and_what_is_stored_late_is(storage: Looked) -> None:
    await delivered(storage, "before", ago=5)
    coming = asyncio.create_task(_first(arrivals(storage, "sales")))
    await storage.looked.wait()

    await delivered(storage, "late", ago=10)

    assert await coming == "late"


async def test_whoever_saw_one_gets_what_came_since(storage: Looked) -> None:
    for key, ago in (("first", 300), ("second", 200), ("third", 100)):
        await delivered(storage, key, ago=ago)

    last = await storage.delivery("sales", "first")
    watching = arrivals(storage, "sales", last)

    assert [(await anext(watching))[0].id for _ in range(2)] == ["second", "third"]


async def test_what_reached_another_department_is_nothing_that_one_saw(storage: Looked) -> None:
    await delivered(storage, "first", ago=1)

    assert await storage.delivery("hr", "first") is None


async def test_what_is_retired_by_now_says_so(storage: Looked) -> None:
    gone = entry("first", KIWI).model_copy(update={"retired": True})
    await storage.documents.save(ENTRIES, [Document("first", state=gone)])
    await delivered(storage, "before", ago=300)
    await delivered(storage, "first", ago=200)

    watching = arrivals(storage, "sales", await storage.delivery("sales", "before"))

    assert (await anext(watching))[1] == {"first"}


async def _first(watching: AsyncIterator[tuple[Document[Delivery], set[str]]]) -> str:
    return (await anext(watching))[0].id
