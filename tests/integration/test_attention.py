"""A consumer that hears nothing any more is noticed, and replaced."""

from collections.abc import AsyncIterator

import pytest

from shared.flow.engine import Engine
from shared.settings import Settings
from tests.support.counting import Add, Counting, counts_of
from tests.support.eventually import eventually
from tests.support.topics import event, forgotten, put

DEAF = "Messages wait and none is heard; the service listens anew."


@pytest.fixture
async def engine(settings: Settings, counting: Counting) -> AsyncIterator[Engine]:
    """An engine that has heard something, and whose consumer nobody resumes."""
    async with counting.running(settings.model_copy(update={"kafka_idle_pause_ms": 0})) as engine:
        engine.attention.silence = 0.2
        await engine.do(Add(item_id="a", number=1))
        await eventually(lambda: heard(engine, 1))
        yield engine


async def heard(engine: Engine, count: int) -> None:
    """Assert that so much of the item was heard."""
    assert await counts_of(engine, "a") == tuple(range(1, count + 1))


async def test_a_consumer_that_stops_hearing_is_noticed_and_replaced(engine: Engine) -> None:
    consumer = engine.subscriber.consumer
    consumer.pause(*consumer.assignment())
    await engine.do(Add(item_id="a", number=2))
    await engine.asked.voice.out(engine.asked.lanes.own.done)

    troubles = set[str]()
    await eventually(lambda: noting(engine, troubles))

    assert troubles == {DEAF, ""}
    assert engine.subscriber.consumer is not consumer


async def noting(engine: Engine, troubles: set[str]) -> None:
    """Assert that everything was heard, and write down what trouble there was until then."""
    await engine.attention.look()
    troubles.add(engine.trouble())
    await heard(engine, 2)


async def test_a_quiet_house_is_no_deaf_one(engine: Engine) -> None:
    consumer = engine.subscriber.consumer

    for _ in range(3):
        await engine.attention.look()

    assert engine.trouble() == ""
    assert engine.subscriber.consumer is consumer


async def test_what_retention_took_away_before_it_was_heard_does_not_wait(
    settings: Settings, counting: Counting
) -> None:
    await put(settings.kafka, counting.added.topic, [event(counting.added(item_id="a", number=1))])
    await forgotten(settings.kafka, counting.added.topic)

    async with counting.running(settings) as engine:
        engine.attention.silence = 0
        await eventually(engine.subscriber.consumer.assignment)
        for _ in range(3):
            await engine.attention.look()

        assert engine.trouble() == ""
