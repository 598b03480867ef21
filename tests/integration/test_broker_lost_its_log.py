"""A broker that lost its log loses nothing for us: histories are announced again, and everybody hears them."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from deploy.local.servers import Servers, embedded
from shared.flow.announcement import Announcement, Cause
from shared.flow.announcer import Announcer
from shared.flow.engine import Engine
from shared.flow.errors import Passing
from shared.flow.kafka import producer
from shared.flow.kafka_access import ends_of
from shared.settings import Settings
from tests.support.counting import Add, Counting, all_heard, counts_of
from tests.support.eventually import eventually
from tests.support.topics import Raw, on_topic, put

pytestmark = pytest.mark.timeout(180)
MANY = range(40)


@pytest.fixture
async def own(tmp_path: Path, addresses: Mapping[str, str]) -> AsyncIterator[Servers]:
    """A Kafka of the test's own, to do harm to."""
    async with embedded(tmp_path, {**addresses, "kafka": ""}) as servers:
        yield servers


@pytest.fixture
def here(settings: Settings, own: Servers) -> Settings:
    """Settings for that Kafka."""
    return settings.model_copy(update={"kafka": own["kafka"]})


async def wipe(own: Servers, tmp_path: Path) -> None:
    """Take the broker's disk away."""
    await own.kill("kafka")
    shutil.rmtree(tmp_path / "kafka")
    await own.start("kafka")


async def test_everything_is_announced_again_while_the_service_runs_and_says_nothing_new(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await wipe(own, tmp_path)

        await eventually(lambda: announced(here, counting, len(MANY)), within=60)


async def test_a_topic_that_is_gone_ends_at_nothing(here: Settings, counting: Counting) -> None:
    gone, there = TopicPartition(f"test.{counting.name}.gone.v1", 0), TopicPartition(counting.summed.topic, 0)

    async with counting.running(here) as engine:
        await furnished(engine)
        ends = await ends_of(engine.subscriber.consumer, [gone, there])

    assert ends == {gone: 0, there: len(MANY)}


async def test_what_was_lost_is_announced_again_also_where_others_said_something_in_its_place(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await wipe(own, tmp_path)
        await covered(here, counting)
        await engine.do(Add(item_id="new", number=1))

        await eventually(lambda: announced(here, counting, len(MANY) + 2), within=60)


async def test_a_broker_that_gave_our_number_to_others_takes_what_is_announced_again(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await wipe(own, tmp_path)
        await covered(here, counting)
        await engine.keeper.announce_again()

        assert len(await on_topic(here.kafka, counting.summed.topic)) == 3 * len(MANY)


async def test_a_topic_that_the_broker_lost_is_made_anew_for_what_is_to_be_said(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    await put(here.kafka, counting.summed.topic, [Raw(b"it was there before the producer was")])
    announcer = Announcer(partial(producer, here, counting.name), counting.name)
    said = counting.summed(item_id="a", count=1, total=1)
    announcement = Announcement.of(said, "sums/a/1", Cause.request(), datetime.now(UTC))
    await announcer.announce([announcement])
    await wipe(own, tmp_path)

    async def is_out() -> bool:
        with suppress(Passing):
            await announcer.announce([announcement])
            return True
        return False

    await eventually(is_out, within=20)
    assert len(await on_topic(here.kafka, counting.summed.topic)) == 1
    await announcer.stop()


async def test_everything_is_announced_again_when_something_new_is_said(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await wipe(own, tmp_path)
        await eventually(lambda: engine.do(Add(item_id="new", number=1)))

        await eventually(lambda: announced(here, counting, len(MANY) + 1), within=60)
        await eventually(lambda: heard(engine, "new", 1), within=20)
        await eventually(lambda: not engine.trouble())


async def test_everything_is_announced_again_by_a_service_that_was_down_meanwhile(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
    await wipe(own, tmp_path)

    async with counting.running(here) as engine:
        await eventually(lambda: announced(here, counting, len(MANY)), within=60)
        await eventually(lambda: not engine.trouble())


async def test_a_consumer_without_any_memory_hears_everything(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await wipe(own, tmp_path)
        await engine.documents.database["notes"].drop()

        await eventually(lambda: heard_all(engine), within=60)


async def test_a_consumer_that_was_ahead_hears_what_is_new_at_offsets_it_knows(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
    await wipe(own, tmp_path)

    async with counting.running(here) as engine:
        for number in range(3):
            await engine.do(Add(item_id="new", number=number))
        await eventually(lambda: heard(engine, "new", 3), within=60)


async def test_an_interrupted_repetition_is_taken_up_again(
    here: Settings, own: Servers, counting: Counting, tmp_path: Path
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
    await wipe(own, tmp_path)

    async with counting.running(here) as engine:
        await eventually(lambda: announced(here, counting, 1), within=60)
    async with counting.running(here):
        await eventually(lambda: announced(here, counting, len(MANY)), within=60)


async def test_a_log_with_two_repetitions_in_it_is_heard_to_its_end(
    here: Settings, counting: Counting
) -> None:
    async with counting.running(here) as engine:
        await furnished(engine)
        await engine.keeper.announce_again()
        await engine.keeper.announce_again()

        await eventually(lambda: heard_to_the_end(engine, counting), within=20)


async def covered(settings: Settings, counting: Counting) -> None:
    """Others say something wherever we had said something, and beyond."""
    await put(settings.kafka, counting.summed.topic, [Raw(b"{}")] * 2 * len(MANY))


async def furnished(engine: Engine) -> None:
    """Some items, each announced and heard."""
    for number in MANY:
        await engine.do(Add(item_id=f"i{number}", number=1))
    await eventually(lambda: heard_all(engine), within=20)


async def heard_all(engine: Engine) -> None:
    """Assert that all of it was heard."""
    assert {f"i{number}": (1,) for number in MANY}.items() <= (await all_heard(engine)).items()


async def heard(engine: Engine, item_id: str, count: int) -> None:
    """Assert that so much of an item was heard."""
    assert await counts_of(engine, item_id) == tuple(range(1, count + 1))


async def heard_to_the_end(engine: Engine, counting: Counting) -> None:
    """Assert that nothing waits to be heard, and that all repetitions are known."""
    marks = await engine.documents.database["bookmarks"].find({}).to_list(None)
    assert {mark["_id"]: len(mark["again"]) for mark in marks} == {f"{counting.summed.topic}/0": 2}
    assert await engine.lag() == {counting.summed.topic: 0, counting.added.topic: 0}


async def announced(settings: Settings, counting: Counting, count: int) -> None:
    """Assert that so many items are on the topic."""
    records = await on_topic(settings.kafka, counting.summed.topic)
    assert len({record.key for record in records}) >= count
