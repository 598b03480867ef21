"""B4: how long an idle house takes from a capture to the feed, against the sum of the hops' floors."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median
from typing import Any, Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.spread.index import ENTRIES_INDEX
from shared.storage.search import connect
from tests.benchmarks.crew import Crew, crew
from tests.benchmarks.ground import Ground, database
from tests.benchmarks.items import DEPARTMENT, captured
from tests.benchmarks.journey import OURS, SERVICES, opened
from tests.benchmarks.measuring import figure, quantile
from tests.benchmarks.results import Figure, Histogram, Result
from tests.benchmarks.scale import Scale

TITLE: Final = "From a capture to the feed, nothing else going on"
TOPICS_BETWEEN: Final = 7
"""ItemCaptured, ItemShared, ItemNominated, ReviewOpened, DecideReview, ItemApproved, EntryPublished."""

WRITES_BETWEEN: Final = 10
"""The journaled writes that each wait for the one before: one for every announcement, and three of spread's own."""

LOOK: Final = 0.01
"""Seconds between looks at the feed: each keeps an embedded database busy for a millisecond that the item waits for."""

REST: Final = 0.05
ENOUGH: Final = 100
"""With fewer samples there is none beyond the 99th percentile but the slowest."""

NOTES: Final = (
    f"The floor: {WRITES_BETWEEN} journaled inserts, {TOPICS_BETWEEN} records sent and received, one document indexed.",
    "It is measured between the items, in the same minute and on the same servers, with the drivers alone.",
    "The champion and the curator decide at once, as rows in the services' tables.",
    "The time begins where the engine is given the wish and ends with the stored delivery: neither HTTP edge is in it.",
)


async def measure(scale: Scale) -> Result:
    """One item at a time, each followed by one measurement of the floors."""
    took: list[float] = []
    floors: list[float] = []
    async with crew(OURS, SERVICES) as ours, opened(ours) as ground, _floor(ground) as floor:
        for number in range(scale.hops):
            took.append(await _one(ours, ground, number))
            floors.append(await floor())
    took, floors = took[3:], floors[3:]
    ratio = figure("p50, to the sum of the floors", [one / median(floors) for one in took], "", 2.0)
    figures = (
        ratio,
        figure("p50", took, "ms"),
        _slowest(took),
        figure("sum of the floors, p50", floors, "ms"),
    )
    plot = Histogram("From capture to feed", "ms", {"the house": took, "sum of the floors": floors})
    return Result("B4", TITLE, figures, (plot,), None, NOTES)


def _slowest(took: Sequence[float]) -> Figure:
    seen, name = quantile(took, 0.99), "p99" if len(took) >= ENOUGH else f"slowest of {len(took)}"
    return Figure(name, seen, seen, seen, len(took), "ms", 100.0)


async def _one(ours: Crew, ground: Ground, number: int) -> float:
    wanted = {"_id": f"{captured(number).item_id}:1:{DEPARTMENT}"}
    async with database(ground.settings, "knowhow_spread") as found:
        await found["deliveries"].find_one(wanted)
        began = time.perf_counter()
        await ours.hands["discover"].tell("capture", first=number, count=1)
        while not await found["deliveries"].find_one(wanted, {"_id": 1}):  # noqa: ASYNC110 - it is in another process.
            await asyncio.sleep(LOOK)
        took = (time.perf_counter() - began) * 1000
    await ours.quiet()
    await asyncio.sleep(REST)
    return took


@asynccontextmanager
async def _floor(ground: Ground) -> AsyncIterator[Any]:
    topic, index, kafka = f"floor-{uuid4().hex}", f"{ground.wish['prefix']}floor", ground.wish["kafka"]
    async with (
        AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True) as producer,
        AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer,
        connect(ground.wish["opensearch"]) as search,
        database(ground.settings, "floor") as found,
    ):
        await search.indices.create(index=index, body=ENTRIES_INDEX)

        async def insert() -> None:
            await found["items"].insert_one({"value": "x" * 2000})

        async def send() -> None:
            await producer.send_and_wait(topic, b"x" * 2000)
            await consumer.getone()

        async def add() -> None:
            await search.index(index=index, body={"title": "x", "body": "x" * 2000}, refresh=True)

        async def floor() -> float:
            # An idle consumer keeps an embedded broker busy, and an item or an insert under way would wait for both.
            inserted = await _took(insert)
            consumer.resume(*consumer.assignment())
            sent = await _took(send)
            consumer.pause(*consumer.assignment())
            return WRITES_BETWEEN * inserted + TOPICS_BETWEEN * sent + await _took(add)

        yield floor


async def _took(do: Any) -> float:
    began = time.perf_counter()
    await do()
    return (time.perf_counter() - began) * 1000
