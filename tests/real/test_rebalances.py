"""Instances share several partitions, come and go, and lose nothing, double nothing and keep each item's order."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from shared.settings import Settings
from shared.storage.documents import Documents
from tests.support.counting import Counting
from tests.support.eventually import eventually
from tests.support.instances import Load, at_least, process, stored
from tests.support.topics import put, spread_over

pytestmark = pytest.mark.timeout(290)

PARTITIONS = 6
CRASH = "KNOWHOW_TEST_CRASH_KAFKA"
"""Names a command that kills the broker and starts it again."""


@pytest.fixture
async def load(settings: Settings, counting: Counting) -> Load:
    """5,000 numbers, on topics of several partitions."""
    await spread_over(settings.kafka, [counting.added.topic, counting.summed.topic], PARTITIONS)
    return Load(counting, items=500, each=10)


@asynccontextmanager
async def two_steady(settings: Settings, load: Load) -> AsyncIterator[tuple[Documents, AsyncExitStack]]:
    """Two instances, and what they store."""
    async with stored(settings, load.counting) as documents, AsyncExitStack() as crowd:
        for name in ("a", "b"):
            await crowd.enter_async_context(process(settings, load.counting, name))
        yield documents, crowd


async def test_one_of_three_is_killed_and_another_added(settings: Settings, load: Load) -> None:
    said = load.said()
    async with two_steady(settings, load) as (documents, crowd):
        async with process(settings, load.counting, "shaky"):
            await put(settings.kafka, load.counting.added.topic, said[:2500])
            await eventually(lambda: at_least(documents, 500), within=60)
        await crowd.enter_async_context(process(settings, load.counting, "new"))
        await put(settings.kafka, load.counting.added.topic, said[2500:])

        await eventually(lambda: load.see_everything(settings, documents), within=200)


@pytest.mark.skipif(
    not os.environ.get(CRASH), reason=f"Name a command in {CRASH} that kills and starts Kafka."
)
async def test_the_broker_is_killed_and_started_again(settings: Settings, load: Load) -> None:
    said = load.said()
    async with two_steady(settings, load) as (documents, crowd):
        await crowd.enter_async_context(process(settings, load.counting, "c"))
        await put(settings.kafka, load.counting.added.topic, said[:2500])
        await eventually(lambda: at_least(documents, 500), within=60)

        crash = await asyncio.create_subprocess_shell(os.environ[CRASH], stdout=asyncio.subprocess.DEVNULL)
        assert await crash.wait() == 0
        await put(settings.kafka, load.counting.added.topic, said[2500:])

        await eventually(lambda: load.see_everything(settings, documents), within=200)
