"""The house is crashed in the middle of an import and in the middle of the deliveries, and every count is right."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx

from tests.journey.test_06_decide import appoint, decide
from tests.support.eventually import eventually
from tests.support.house import House

MANY = 120
ITEMS = [
    {"kind": "trick", "title": f"Trick {number}", "body": f"Trick number {number}", "topics": ["crashes"]}
    for number in range(MANY)
]


async def test_an_import_that_is_cut_off_and_repeated_stores_each_item_once(town: House) -> None:
    await appoint(town, "otto", [""])
    await town.post("admin", "/spread/subscriptions", {"department": "hr", "topics": ["crashes"]})

    await _crash_amid(town, _each(lambda item: _capture(town, item), ITEMS))
    await _each(lambda item: _capture(town, item), ITEMS)

    stored = await town.all_of("/discover/items?topic=crashes&limit=200")
    assert len(stored) == len({item["id"] for item in stored}) == MANY


async def test_deliveries_that_are_cut_off_reach_the_feed_once_each(town: House) -> None:
    ids = [item["id"] for item in await town.all_of("/discover/items?topic=crashes&limit=200")]
    await _each(lambda item_id: _nominate(town, item_id), ids)
    await eventually(lambda: _all_under_review(town, ids), within=60)

    await _crash_amid(town, _each(lambda item_id: _approve(town, item_id), ids))
    await _each(lambda item_id: _approve(town, item_id), ids)

    await eventually(lambda: _all_delivered(town, ids), within=60)
    feed = [entry["id"] for entry in await town.all_of("/spread/feeds/hr.json?limit=200")]
    assert sorted(feed) == sorted(f"{item_id}:1" for item_id in ids)


async def _crash_amid(town: House, work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    await asyncio.wait([task], timeout=0.3)
    await town.crash()
    await asyncio.gather(task, return_exceptions=True)
    await town.start()


async def _each(do: Callable[[Any], Awaitable[None]], things: Iterable[Any]) -> None:
    turn = asyncio.Semaphore(16)

    async def in_turn(thing: Any) -> None:
        async with turn:
            await do(thing)

    outcomes = await asyncio.gather(*map(in_turn, things), return_exceptions=True)
    for outcome in outcomes:
        assert outcome is None or isinstance(outcome, httpx.TransportError), outcome


async def _capture(town: House, item: dict[str, Any]) -> None:
    await town.post("ines", "/discover/items", item)


async def _nominate(town: House, item_id: str) -> None:
    nominated = await town.ask("tomas", "POST", f"/share/items/{item_id}/nominations", json={})
    assert nominated.status_code in {201, 404}
    if nominated.status_code == 404:
        await eventually(lambda: _is_shared(town, item_id))
        await _nominate(town, item_id)


async def _is_shared(town: House, item_id: str) -> bool:
    return (await town.ask("tomas", "GET", f"/share/items/{item_id}")).is_success


async def _approve(town: House, item_id: str) -> None:
    review = await town.get(f"/codify/reviews/{item_id}", "otto")
    if review["state"] == "open":
        await decide(town, "otto", item_id, review)


async def _all_under_review(town: House, ids: list[str]) -> bool:
    queue = await town.all_of("/codify/reviews?state=open&limit=200", "otto")
    return set(ids) <= {review["item_id"] for review in queue}


async def _all_delivered(town: House, ids: list[str]) -> bool:
    feed = await town.all_of("/spread/feeds/hr.json?limit=200")
    return len(feed) >= len(ids)
