"""The house on `docker compose`: the whole journey of an item, a crash of each container, and a night's rest."""

import os
from typing import Any

import pytest

from tests.production.conftest import Kept
from tests.support.compose import Composed
from tests.support.eventually import eventually
from tests.support.round import appoint_tomas, captured, published, there

pytestmark = pytest.mark.timeout(1200)

RECOVERY = 240
"""Seconds until everything is healthy again, on a busy machine."""

CONTAINERS = (
    "discover",
    "share",
    "codify",
    "spread",
    "identity",
    "gateway",
    "kafka",
    "mongodb",
    "opensearch",
)
SERVICES = CONTAINERS[:4]
FEED = "/spread/feeds/finance.json"


async def test_everything_is_healthy_and_nothing_but_the_gateway_is_open(composed: Composed) -> None:
    running = await composed.compose("ps", "--format", "{{.Service}} {{.Health}} {{.Ports}}")

    lines = running.splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(CONTAINERS)
    assert {line.split()[1] for line in lines} == {"healthy"}
    assert [line.split()[0] for line in lines if "->" in line] == ["gateway"]
    assert await composed.is_ready()


async def test_an_item_goes_all_the_way_round(composed: Composed, kept: Kept) -> None:
    await appoint_tomas(composed)
    await composed.post("admin", "/spread/subscriptions", {"department": "finance", "topics": ["finance"]})

    item = await captured(composed, "bruno", "Say what the figure means.")
    await composed.post("yuki", f"/share/items/{item}/endorsements", {"comment": "It helped."})
    await composed.post("felix", f"/share/items/{item}/tries", {"outcome": "worked"})
    await published(composed, item)
    await eventually(lambda: delivered(composed, item))
    report = {"department": "finance", "outcome": "worked", "learned": "Shorter is better."}
    learnt = (await composed.post("yuki", f"/spread/entries/{item}/adoptions", report))["learned_as"]
    await there(composed, f"/share/items/{learnt}")

    found = (await composed.get("/spread/search?q=figure"))["items"]
    assert [hit["entry_id"] for hit in found] == [item]
    kept.items.append(item)


async def test_metrics_are_not_for_the_outside(composed: Composed) -> None:
    answers = [await composed.client.get(f"/{service}/metrics") for service in SERVICES]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may kill what runs in a container")
@pytest.mark.parametrize("container", CONTAINERS)
async def test_a_crash_loses_nothing(composed: Composed, kept: Kept, container: str) -> None:
    under_way = await captured(composed, "bruno", f"While {container} falls.")

    before = await composed.crash(container)
    await eventually(lambda: composed.is_back(container, before), within=RECOVERY)

    await eventually(lambda: published_again(composed, under_way), within=RECOVERY)
    kept.items.append(under_way)
    await eventually(lambda: all_there(composed, kept), within=RECOVERY)


async def test_a_night_s_rest_loses_nothing(composed: Composed, kept: Kept) -> None:
    before = await counts(composed)

    await composed.compose("down", "--timeout", "25")
    await composed.up()

    assert before["items"] > before["entries"] == len(kept.items)
    await eventually(lambda: same(composed, before), within=RECOVERY)
    await all_there(composed, kept)


async def test_nothing_is_left_over(composed: Composed) -> None:
    for service in SERVICES:
        status = await composed.get(f"/{service}/status", "admin")

        assert (status["dead_letters"], status["pending"], sum(status["lag"].values())) == (0, False, 0)


async def delivered(house: Composed, item: str) -> bool:
    return item in [entry["_knowhow"]["entry_id"] for entry in await house.all_of(FEED)]


async def published_again(house: Composed, item: str) -> None:
    """Publish an item, also when an earlier try went half the way."""
    if (await house.ask("ines", "GET", f"/codify/entries/{item}")).is_error:
        await published(house, item)


async def all_there(house: Composed, kept: Kept) -> None:
    """Every entry is in the library, in the feed once, and in the index."""
    entries = sorted(entry["entry_id"] for entry in await house.all_of("/codify/entries"))
    fed = sorted(entry["_knowhow"]["entry_id"] for entry in await house.all_of(FEED))
    found = sorted(hit["entry_id"] for hit in await house.all_of("/spread/search?topic=finance"))

    assert entries == fed == found == sorted(kept.items)


async def counts(house: Composed) -> dict[str, Any]:
    """How much there is of everything."""
    circulation = (await house.client.get("/discover/circulation")).json()["detail"]
    lists = {"entries": "/codify/entries", "fed": FEED, "reviews": "/codify/reviews"}
    return {"items": sum(circulation.values())} | {
        name: len(await house.all_of(path)) for name, path in lists.items()
    }


async def same(house: Composed, before: dict[str, Any]) -> bool:
    return await counts(house) == before
