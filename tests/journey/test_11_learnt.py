"""Step 11: what was learnt is a new item that follows the first, and the next round begins."""

from datetime import datetime

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_what_was_learnt_is_a_new_item_that_follows_the_first(town: House, tale: Tale) -> None:
    await eventually(lambda: _shared(town, tale.learnt_id))

    learnt = await town.get(f"/discover/items/{tale.learnt_id}")
    assert (learnt["follows"], learnt["author"]["name"]) == (tale.item_id, "Viktor Ahlgren")


async def test_the_journey_tells_everything_in_order(town: House, tale: Tale) -> None:
    journey = await town.get(f"/discover/items/{tale.item_id}/journey")

    times = [datetime.fromisoformat(step["at"]) for step in journey["steps"]]
    assert times == sorted(times)
    assert {step["service"] for step in journey["steps"]} == {"discover", "share", "codify", "spread"}
    assert "Ines" not in str(journey)
    assert journey["now"]["waiting_for"] == "more departments that try it"


async def test_nothing_is_left_over(town: House) -> None:
    for service in ("discover", "share", "spread"):
        status = await town.get(f"/{service}/status", "admin")
        assert (status["dead_letters"], status["pending"]) == (0, False)
    refused = await town.all_of("/codify/dead-letters", "admin")
    assert ["compact JWS" in letter["reason"] for letter in refused] == [True]


async def _shared(town: House, item_id: str) -> bool:
    answer = await town.ask("ines", "GET", f"/share/items/{item_id}")
    return answer.is_success
