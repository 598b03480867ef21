"""Fifty searches a second go on while the index is rebuilt, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.spread.collections import ENTRIES
from services.spread.searching import Searching
from shared.settings import Settings
from shared.storage.document import Document
from tests.support.spreading import KIWI, same, save, spread
from tests.support.subscribing import entry

EVERY = 1 / 50
MANY = 2000
REBUILDS = 3


async def test_no_search_fails_and_no_entry_is_missing(settings: Settings) -> None:
    many = [Document(f"e{n:04}", state=entry(f"e{n:04}", KIWI)) for n in range(MANY)]
    async with spread(settings, settings.opensearch) as (one, searching):
        assert not await one.documents.save(ENTRIES, many)
        await searching.ensure()

        async with searches(searching) as found:
            for number in range(REBUILDS):
                rebuild = asyncio.create_task(searching.rebuild())
                late = f"late{number}"
                await save(
                    one.documents, ENTRIES, Document(late, state=entry(late, KIWI)), searching.entries.took
                )
                await rebuild

        assert len(found) >= 5 * REBUILDS
        assert sorted(found) == found
        assert found[0] == MANY
        assert set(found) <= set(range(MANY, MANY + REBUILDS + 1))
        assert await searching.entries.index.count() == MANY + REBUILDS
        await same(one, searching)


@asynccontextmanager
async def searches(searching: Searching) -> AsyncIterator[list[int]]:
    """How much each search found, one begun every 20 ms until the block ends; one that fails fails the test."""
    found: list[int] = []
    begun: list[asyncio.Task[None]] = []

    async def search() -> None:
        answer = await searching.search({"size": 0, "track_total_hits": True, "query": {"match_all": {}}})
        assert answer["_shards"]["failed"] == 0
        found.append(answer["hits"]["total"]["value"])

    async def go_on() -> None:
        while True:
            begun.append(asyncio.create_task(search()))
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(go_on())
    yield found
    task.cancel()
    await asyncio.gather(*begun)
