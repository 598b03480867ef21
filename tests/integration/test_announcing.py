"""What is stored is announced, in order, whoever dies in between; and it is committed only then."""

import asyncio

from shared.flow.engine import Engine
from shared.settings import Settings
from tests.support.counting import Add, Counting, Mute, counts_of, numbers_of
from tests.support.desk import desk
from tests.support.eventually import eventually
from tests.support.topics import committed, event, on_topic, put


async def ids(settings: Settings, topic: str) -> list[str]:
    """The CloudEvents ids of all that is on a topic, in order."""
    return [dict(record.headers)["ce_id"].decode() for record in await on_topic(settings.kafka, topic)]


async def test_what_happens_to_one_item_is_announced_in_order(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        await asyncio.gather(*(engine.do(Add(item_id=key, number=n)) for n in range(50) for key in "abc"))

        async def heard() -> None:
            assert [await counts_of(engine, key) for key in "abc"] == [tuple(range(1, 51))] * 3

        await eventually(heard)
    assert len(await ids(settings, counting.summed.topic)) == 150


async def test_what_was_stored_and_not_said_is_said_after_a_restart(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings, kind=Mute) as engine:
        for number in range(3):
            await engine.do(Add(item_id="a", number=number))
    assert await ids(settings, counting.summed.topic) == []

    async with counting.running(settings) as engine:
        await eventually(lambda: _heard(engine, "a", 3))
        await engine.keeper.look()

    assert await ids(settings, counting.summed.topic) == ["sums/a/1", "sums/a/2", "sums/a/3"]


async def test_what_was_said_is_not_said_again_after_a_restart(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings) as engine:
        await engine.do(Add(item_id="a", number=1))
        await eventually(lambda: _heard(engine, "a", 1))

    async with counting.running(settings) as engine:
        await engine.do(Add(item_id="a", number=2))
        await eventually(lambda: _heard(engine, "a", 2))

    assert await ids(settings, counting.summed.topic) == ["sums/a/1", "sums/a/2"]


async def test_what_was_heard_is_committed_after_it_was_said(settings: Settings, counting: Counting) -> None:
    await put(settings.kafka, counting.added.topic, [event(counting.added(item_id="a", number=1))])
    group = f"knowhow.{counting.name}"

    async with counting.running(settings, kind=Mute) as mute:
        await eventually(lambda: numbers_of(mute, "a"))
    assert await committed(settings.kafka, group, counting.added.topic) == 0

    async with counting.running(settings):

        async def done() -> None:
            assert await committed(settings.kafka, group, counting.added.topic) == 1

        await eventually(done)
    assert await ids(settings, counting.summed.topic) == ["sums/a/1"]


async def test_another_instance_says_what_a_dead_one_could_not(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as dead:
        await dead.store(Add(item_id="a", number=1))

    async with counting.running(settings) as engine:
        await eventually(lambda: _heard(engine, "a", 1))

    assert set(await ids(settings, counting.summed.topic)) == {"sums/a/1"}


async def test_whoever_changes_what_a_dead_one_stored_says_both_in_order(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as dead:
        await dead.store(Add(item_id="a", number=1))

    async with counting.running(settings) as engine:
        await engine.do(Add(item_id="a", number=2))
        await eventually(lambda: _heard(engine, "a", 2))

    assert list(dict.fromkeys(await ids(settings, counting.summed.topic))) == ["sums/a/1", "sums/a/2"]


async def test_events_name_their_cause_and_keep_the_story_together(
    settings: Settings, counting: Counting
) -> None:
    story = (("ce_id", b"first"), ("correlationid", b"story"), ("traceparent", b"00-ab-cd-01"))
    await put(settings.kafka, counting.added.topic, [event(counting.added(item_id="a", number=1), *story)])

    async with counting.running(settings) as engine:
        await eventually(lambda: _heard(engine, "a", 1))

    [record] = await on_topic(settings.kafka, counting.summed.topic)
    headers = {name: value.decode() for name, value in record.headers}
    assert headers["causationid"] == "first"
    assert (headers["correlationid"], headers["traceparent"]) == ("story", "00-ab-cd-01")
    assert (headers["ce_type"], headers["ce_source"]) == ("Summed", f"/{counting.name}")
    assert record.key == b"a"


async def _heard(engine: Engine, item_id: str, count: int) -> None:
    assert await counts_of(engine, item_id) == tuple(range(1, count + 1))
