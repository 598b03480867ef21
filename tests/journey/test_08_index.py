"""Step 8: search finds the entry, also by a misspelt word, and also after a crash emptied the search server."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_search_finds_the_entry(town: House, tale: Tale) -> None:
    await eventually(lambda: _found(town, tale.item_id, "invoice"))


async def test_search_forgives_spelling(town: House, tale: Tale) -> None:
    assert await _found(town, tale.item_id, "invoyce")


async def test_the_index_is_rebuilt_after_a_crash(town: House, tale: Tale) -> None:
    await town.crash()
    await town.start()

    await eventually(lambda: _found(town, tale.item_id, "invoice"))


async def _found(town: House, item_id: str, text: str) -> bool:
    answer = await town.ask("mei", "GET", f"/spread/search?q={text}")
    return answer.is_success and item_id in [hit["entry_id"] for hit in answer.json()["items"]]
