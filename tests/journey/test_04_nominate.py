"""Step 4: two people other than the author are enough."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_second_colleague_for_whom_it_worked_nominates_the_item(town: House, tale: Tale) -> None:
    await town.post("amara", f"/share/items/{tale.item_id}/tries", {"outcome": "worked"})

    await eventually(lambda: _nominated(town, tale.item_id))


async def _nominated(town: House, item_id: str) -> bool:
    return "ItemNominated" in await town.kinds_of_steps(item_id)
