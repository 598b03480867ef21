"""Whoever is killed in the middle of the work loses nothing, doubles nothing and keeps the order."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from shared.settings import Settings
from shared.storage.documents import Documents
from shared.storage.drivers import close, connect
from tests.support.counting import NOTES, SUMS, Counting
from tests.support.eventually import eventually
from tests.support.processes import start_python
from tests.support.topics import Raw, event, on_topic, put

ITEMS = 40
EACH = 50
KILLS = 4


@asynccontextmanager
async def process(
    settings: Settings, counting: Counting, instance: str = "0"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process, which is killed at the end of the block."""
    known = settings.model_copy(update={"instance": instance}).model_dump(mode="json")
    known |= {"author_key": "unused" * 8, "gateway_key": "unused"}
    started = await start_python("-m", "tests.support.counting_process", counting.name, json.dumps(known))
    try:
        assert started.stdout
        assert await started.stdout.readline() == b"ready\n"
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@asynccontextmanager
async def stored(settings: Settings, counting: Counting) -> AsyncIterator[Documents]:
    """What the service has stored."""
    client = connect(settings.mongodb, settings.driver)
    yield Documents(client[f"{settings.prefix}knowhow_{counting.name}"])
    await close(client)


def everything(counting: Counting) -> list[Raw]:
    """All numbers of all items, in turns."""
    numbered = [(number, f"i{item}") for number in range(EACH) for item in range(ITEMS)]
    return [event(counting.added(item_id=item, number=number)) for number, item in numbered]


async def total(documents: Documents) -> int:
    """How many numbers are stored."""
    rows = await documents.database[SUMS.name].find({}, {"state.numbers": 1}).to_list(None)
    return sum(len(row["state"]["numbers"]) for row in rows)


async def see_everything(settings: Settings, counting: Counting, documents: Documents) -> None:
    """Assert that everything was stored once, said in order, and heard."""
    for number in range(ITEMS):
        found = await documents.get(SUMS, f"i{number}")
        assert found
        assert found.known.numbers == tuple(range(EACH))
        heard = await documents.get(NOTES, f"i{number}")
        assert heard
        assert heard.known.counts == tuple(range(1, EACH + 1))
    said: dict[bytes | None, list[int]] = {}
    for record in await on_topic(settings.kafka, counting.summed.topic):
        said.setdefault(record.key, []).append(json.loads(record.value or b"")["count"])
    assert len(said) == ITEMS
    assert all(list(dict.fromkeys(counts)) == list(range(1, EACH + 1)) for counts in said.values())


@pytest.mark.timeout(180)
async def test_a_service_that_is_killed_again_and_again_loses_nothing(
    settings: Settings, counting: Counting
) -> None:
    said = [
        event(counting.added(item_id=f"i{n}", number=number)) for number in range(EACH) for n in range(ITEMS)
    ]
    await put(settings.kafka, counting.added.topic, said)

    async with stored(settings, counting) as documents:
        for kill in range(1, KILLS + 1):
            async with process(settings, counting):
                await eventually(partial(_at_least, documents, kill * 400), within=30)
        async with process(settings, counting):
            await eventually(lambda: see_everything(settings, counting, documents), within=60)


@pytest.mark.timeout(180)
async def test_two_instances_share_the_work_and_lose_nothing_when_one_is_killed(
    settings: Settings, counting: Counting
) -> None:
    said = [
        event(counting.added(item_id=f"i{n}", number=number)) for number in range(EACH) for n in range(ITEMS)
    ]

    async with stored(settings, counting) as documents, process(settings, counting, "steady"):
        async with process(settings, counting, "shaky"):
            await put(settings.kafka, counting.added.topic, said[:1000])
            await eventually(lambda: _at_least(documents, 300), within=30)
        await put(settings.kafka, counting.added.topic, said[1000:])
        async with process(settings, counting, "shaky"):
            await eventually(lambda: see_everything(settings, counting, documents), within=60)


async def _at_least(documents: Documents, count: int) -> None:
    assert await total(documents) >= count
