"""Instances share several partitions, come and go, and lose nothing, double nothing and keep each item's order."""

import asyncio
import math
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from shared.flow.kafka import group_of
from shared.settings import Settings
from shared.storage.documents import Documents
from tests.support.counting import Counting
from tests.support.eventually import eventually
from tests.support.instances import Load, all_hear, at_least, process, stored
from tests.support.topics import administration, put, spread_over

pytestmark = pytest.mark.timeout(290)

PARTITIONS = 6
REST = 4.0
CRASH = "KNOWHOW_TEST_CRASH_KAFKA"
"""Names a command that kills the broker and starts it again."""


@pytest.fixture
async def load(settings: Settings, counting: Counting) -> Load:
    """5,000 numbers, on topics of several partitions."""
    await spread_over(settings.kafka, [counting.added.topic, counting.summed.topic], PARTITIONS)
    return Load(counting, items=500, each=10)


@dataclass
class Resting:
    """Whether a group is at rest: nobody joins for longer than an instance takes to tell that it is there, three seconds."""

    admin: AIOKafkaAdminClient
    group: str
    since: float = math.inf

    async def look(self) -> None:
        """Assert that it was found at rest again and again for so long."""
        (told,) = await self.admin.describe_consumer_groups([self.group])
        (group,) = told.to_object()["groups"]
        state = group["state"]
        self.since = min(self.since, time.monotonic()) if state == "Stable" else math.inf
        assert time.monotonic() - self.since > REST, state


@asynccontextmanager
async def two_steady(settings: Settings, load: Load) -> AsyncIterator[tuple[Documents, AsyncExitStack]]:
    """Two instances, and what they store."""
    async with stored(settings, load.counting) as documents, AsyncExitStack() as crowd:
        for name in ("a", "b"):
            await crowd.enter_async_context(process(settings, load.counting, name))
        yield documents, crowd


async def test_one_of_three_is_killed_and_another_added_and_the_group_comes_to_rest_though_there_is_much_to_hear(
    settings: Settings, load: Load
) -> None:
    said = load.said()
    async with two_steady(settings, load) as (documents, crowd):
        async with process(settings, load.counting, "shaky"):
            await put(settings.kafka, load.counting.added.topic, said[:2500])
            await eventually(lambda: at_least(documents, 500), within=60)
        await crowd.enter_async_context(process(settings, load.counting, "new"))
        await put(settings.kafka, load.counting.added.topic, said[2500:])

        async with administration(settings.kafka) as admin:
            group = f"{settings.kafka_prefix}{group_of(load.counting.name)}"
            await eventually(Resting(admin, group).look, within=30)
        await eventually(lambda: load.see_everything(settings, documents), within=200)
        await all_hear(documents, ["a", "b", "new"])


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
        await all_hear(documents, ["a", "b", "c"])
