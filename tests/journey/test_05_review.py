"""Step 5: a review is open, with what a decision about it must name."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_nominated_item_is_in_the_curators_queue(town: House, tale: Tale) -> None:
    await eventually(lambda: _queued(town, tale.item_id))

    review = await town.get(f"/codify/reviews/{tale.item_id}", "tomas")
    assert (review["state"], review["version"]) == ("open", 1)
    assert [person["id"] for person in review["evidence"]["vouched_by"]] == ["amara", "viktor"]


async def _queued(town: House, item_id: str) -> bool:
    queue = await town.all_of("/codify/reviews?state=open", "tomas")
    return item_id in [review["item_id"] for review in queue]
