"""Step 7: the approved item is an entry of the library."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_an_approved_item_is_published_with_author_approver_and_evidence(
    town: House, tale: Tale
) -> None:
    await eventually(lambda: _published(town, tale.item_id))

    entry = await town.get(f"/codify/entries/{tale.item_id}")
    assert (entry["version"], entry["approved_by"]) == (1, "Tomas")
    assert entry["body"].startswith("Better:")
    assert len(entry["evidence"]["vouched_by"]) == 2


async def test_a_version_of_an_entry_can_be_read_for_ever(town: House, tale: Tale) -> None:
    first = await town.get(f"/codify/entries/{tale.item_id}/versions/1")

    assert first["title"] == "Match an invoice to its order"


async def _published(town: House, item_id: str) -> bool:
    return "EntryPublished" in await town.kinds_of_steps(item_id)
