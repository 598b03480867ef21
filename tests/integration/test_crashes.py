"""Whoever is killed in the middle of the work loses nothing, doubles nothing and keeps the order."""

from functools import partial

import pytest

from shared.settings import Settings
from tests.support.counting import Counting
from tests.support.eventually import eventually
from tests.support.instances import Load, at_least, process, stored
from tests.support.topics import put

KILLS = 4


@pytest.fixture
def load(counting: Counting) -> Load:
    return Load(counting, items=40, each=50)


@pytest.mark.timeout(180)
async def test_a_service_that_is_killed_again_and_again_loses_nothing(settings: Settings, load: Load) -> None:
    await put(settings.kafka, load.counting.added.topic, load.said())

    async with stored(settings, load.counting) as documents:
        for kill in range(1, KILLS + 1):
            async with process(settings, load.counting):
                await eventually(partial(at_least, documents, kill * 400), within=30)
        async with process(settings, load.counting):
            await eventually(lambda: load.see_everything(settings, documents), within=60)


@pytest.mark.timeout(180)
async def test_two_instances_share_the_work_and_lose_nothing_when_one_is_killed(
    settings: Settings, load: Load
) -> None:
    counting, said = load.counting, load.said()

    async with stored(settings, counting) as documents, process(settings, counting, "steady"):
        async with process(settings, counting, "shaky"):
            await put(settings.kafka, counting.added.topic, said[:1000])
            await eventually(lambda: at_least(documents, 300), within=30)
        await put(settings.kafka, counting.added.topic, said[1000:])
        async with process(settings, counting, "shaky"):
            await eventually(lambda: load.see_everything(settings, documents), within=60)
