"""Step 10: a department reports what came of the entry."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_report_reaches_the_entry_and_the_journey(town: House, tale: Tale) -> None:
    report = {"department": "sales", "outcome": "partly", "learned": "It also matches quotes to orders."}

    reported = await town.post("viktor", f"/spread/entries/{tale.item_id}/adoptions", report)

    tale.learnt_id = reported["learned_as"]
    await eventually(lambda: _adopted(town, tale.item_id))
    assert (await town.get(f"/discover/items/{tale.item_id}"))["stage"] == "adopted"


async def _adopted(town: House, item_id: str) -> bool:
    counted = (await town.get(f"/codify/entries/{item_id}"))["adoptions"]
    return counted["partly"] == 1 and "AdoptionReported" in await town.kinds_of_steps(item_id)
