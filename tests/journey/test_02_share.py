"""Step 2: the item reaches the communities that care about its topics."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_captured_item_is_shared(town: House, tale: Tale) -> None:
    await eventually(lambda: _shared(town, tale.item_id))

    assert (await town.get(f"/share/items/{tale.item_id}"))["topics"] == ["finance/invoicing"]


async def _shared(town: House, item_id: str) -> bool:
    return "ItemShared" in await town.kinds_of_steps(item_id)
