"""Where the broker does not make an idle consumer wait, it is asked for what there is only."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.flow.ending import end
from shared.flow.kafka import fetch_what_waits, pause_at_the_end
from tests.support.eventually import eventually

IDLE, BUSY = TopicPartition("idle", 0), TopicPartition("busy", 0)


class Consumer:
    """As much of a consumer as is looked at."""

    def __init__(self) -> None:
        self.ends = {IDLE: 3, BUSY: 3}
        self.positions = {IDLE: 3, BUSY: 3}
        self.paused: set[TopicPartition] = set()
        self.away = False

    def assignment(self) -> frozenset[TopicPartition]:
        """Both."""
        return frozenset(self.ends)

    async def end_offsets(self, places: frozenset[TopicPartition]) -> dict[TopicPartition, int]:
        """Where they end."""
        if self.away:
            raise KafkaConnectionError
        return {place: self.ends[place] for place in places}

    async def position(self, place: TopicPartition) -> int:
        """What would be fetched next."""
        return self.positions[place]

    def highwater(self, place: TopicPartition) -> int:
        """Where it ended when something was fetched last."""
        return self.ends[place]

    def pause(self, *places: TopicPartition) -> None:
        """Fetch no more from these."""
        self.paused |= set(places)

    def resume(self, *places: TopicPartition) -> None:
        """Fetch from these."""
        self.paused -= set(places)


@pytest.fixture
async def consumer() -> AsyncIterator[Consumer]:
    """One that is looked after until the test ends."""
    made = Consumer()
    looking = asyncio.create_task(fetch_what_waits(SimpleNamespace(consumer=made), 1))
    yield made
    await end([looking])


async def test_only_a_partition_in_which_something_waits_is_fetched(consumer: Consumer) -> None:
    await eventually(lambda: consumer.paused == {IDLE, BUSY})
    consumer.ends[BUSY] = 4
    await eventually(lambda: consumer.paused == {IDLE})
    consumer.positions[BUSY] = 4
    await eventually(lambda: consumer.paused == {IDLE, BUSY})


def test_what_was_read_to_its_end_is_not_fetched_before_the_next_look() -> None:
    consumer: Any = Consumer()
    gone = TopicPartition("gone", 0)
    records: Any = [
        SimpleNamespace(topic=place.topic, partition=place.partition, offset=offset)
        for place, offset in ((IDLE, 1), (IDLE, 2), (BUSY, 1), (gone, 5))
    ]

    pause_at_the_end(records, consumer)

    assert consumer.paused == {IDLE}


async def test_a_log_that_became_shorter_is_fetched_so_that_the_consumer_notices(consumer: Consumer) -> None:
    consumer.ends[BUSY] = 1
    await eventually(lambda: consumer.paused == {IDLE})


async def test_everything_is_fetched_while_the_broker_does_not_say(consumer: Consumer) -> None:
    await eventually(lambda: consumer.paused == {IDLE, BUSY})
    consumer.away = True
    await eventually(lambda: not consumer.paused)


async def test_a_consumer_that_has_not_begun_is_let_alone() -> None:
    beginning = SimpleNamespace(consumer=AIOKafkaConsumer(group_id="nobody"))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fetch_what_waits(beginning, 1), 0.05)

    await beginning.consumer.stop()
