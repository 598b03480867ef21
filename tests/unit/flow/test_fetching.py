"""Where the broker does not make an idle consumer wait, it is asked for what there is only."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.flow.ending import end
from shared.flow.fetching import Fetching
from tests.support.eventually import eventually

IDLE, BUSY = TopicPartition("idle", 0), TopicPartition("busy", 0)


class Consumer:
    """As much of a consumer as is looked at."""

    def __init__(self) -> None:
        self.ends = {IDLE: 3, BUSY: 3}
        self.positions = {IDLE: 3, BUSY: 3}
        self.paused: set[TopicPartition] = set()
        self.away = False
        self.asked = 0

    def assignment(self) -> frozenset[TopicPartition]:
        """Both."""
        return frozenset(self.ends)

    async def end_offsets(self, places: frozenset[TopicPartition]) -> dict[TopicPartition, int]:
        """Where they end."""
        self.asked += 1
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


def fetching_of(consumer: Any, pause_ms: int, rest_s: float = 0.0) -> Fetching:
    """What looks after this consumer."""
    fetching = Fetching(pause_ms, rest_s)
    fetching.consumer_of = lambda: consumer
    return fetching


def records(*offsets: tuple[TopicPartition, int]) -> Any:
    """A batch with these records."""
    return [
        SimpleNamespace(topic=place.topic, partition=place.partition, offset=offset)
        for place, offset in offsets
    ]


@pytest.fixture
async def consumer() -> AsyncIterator[Consumer]:
    """One that is looked after until the test ends."""
    made = Consumer()
    looking = asyncio.create_task(fetching_of(made, 1).run())
    yield made
    await end([looking])


async def test_only_a_partition_in_which_something_waits_is_fetched(consumer: Consumer) -> None:
    await eventually(lambda: consumer.paused == {IDLE, BUSY})
    consumer.ends[BUSY] = 4
    await eventually(lambda: consumer.paused == {IDLE})
    consumer.positions[BUSY] = 4
    await eventually(lambda: consumer.paused == {IDLE, BUSY})


async def test_while_a_batch_is_in_hand_nothing_is_fetched_and_nobody_asks() -> None:
    consumer, late = Consumer(), TopicPartition("late", 0)
    fetching = fetching_of(consumer, 1)
    looking = asyncio.create_task(fetching.run())
    await eventually(lambda: consumer.paused == {IDLE, BUSY})
    consumer.ends[BUSY] = 4

    with fetching.stopped():
        asked = consumer.asked
        consumer.ends[late] = consumer.positions[late] = 0
        await eventually(lambda: consumer.paused == {IDLE, BUSY, late})
        assert consumer.asked == asked

    await eventually(lambda: consumer.paused == {IDLE, late})
    await end([looking])


async def test_what_waits_behind_a_batch_is_fetched_without_a_pause() -> None:
    consumer = Consumer()
    fetching = fetching_of(consumer, 3_600_000)
    looking = asyncio.create_task(fetching.run())

    with fetching.stopped():
        consumer.ends[BUSY] = 5

    await eventually(lambda: consumer.paused == {IDLE})
    await end([looking])


async def test_a_broker_that_holds_idle_fetches_back_is_fetched_from_all_the_time() -> None:
    consumer = Consumer()
    fetching = fetching_of(consumer, 0)

    with fetching.stopped():
        assert not consumer.paused
    await fetching.run()

    assert not consumer.paused
    assert not consumer.asked


@pytest.mark.parametrize(("last", "rests"), [(2, True), (1, False)])
async def test_a_service_rests_only_where_nothing_follows_a_batch(last: int, rests: bool) -> None:
    batch = records((IDLE, 1), (IDLE, 2), (BUSY, last), (TopicPartition("gone", 0), 5))
    resting = asyncio.create_task(fetching_of(Consumer(), 1, rest_s=3600.0).rest(batch))

    await asyncio.wait([resting], timeout=0.05)

    assert resting.done() is not rests
    await end([resting])


async def test_a_log_that_became_shorter_is_fetched_so_that_the_consumer_notices(consumer: Consumer) -> None:
    consumer.ends[BUSY] = 1
    await eventually(lambda: consumer.paused == {IDLE})


async def test_everything_is_fetched_while_the_broker_does_not_say(consumer: Consumer) -> None:
    await eventually(lambda: consumer.paused == {IDLE, BUSY})
    consumer.away = True
    await eventually(lambda: not consumer.paused)


async def test_a_consumer_that_has_not_begun_is_let_alone() -> None:
    beginning = AIOKafkaConsumer(group_id="nobody")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fetching_of(beginning, 1).run(), 0.05)

    await beginning.stop()
