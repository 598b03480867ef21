"""What a broker may have lost is known until somebody has looked, and what it lost until it was announced again."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.flow.keeper import Keeper
from shared.settings import Settings
from tests.support.counting import Add, Counting
from tests.support.desk import desk
from tests.support.eventually import eventually

PLACE = ("topic", 0)
DOUBT = (PLACE, (3, "/sums/a/1"))
SAID = (PLACE, (7, "/sums/b/1"))


async def test_a_record_in_doubt_is_looked_at_once(settings: Settings, counting: Counting) -> None:
    asked: list[Any] = []

    async def all_there(marks: Any) -> list[Any]:
        asked.append(marks)
        return []

    async with desk(settings, counting) as one:
        one.listener.doubtful.add((("topic", 0), (3, "/sums/a/1")))
        await Keeper([one.flow], all_there).look()

        assert asked == [{TopicPartition("topic", 0): [(3, "/sums/a/1")]}]
        assert one.listener.doubtful == set()


async def test_a_doubt_outlives_the_process(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting) as one:
        one.listener.doubtful.add(DOUBT)
        await one.flow.lanes.done("dead:00000001:000000000001")

    async with desk(settings, counting) as next_life:
        assert next_life.listener.doubtful == {DOUBT}


async def test_a_doubt_that_was_looked_at_does_not(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting) as one:
        one.listener.doubtful.add(DOUBT)
        await one.flow.lanes.remember()
        await Keeper([one.flow], nothing_lost).look()

    async with desk(settings, counting) as next_life:
        assert next_life.listener.doubtful == set()


@pytest.mark.parametrize("noticed", ["by an offset", "by a look"])
async def test_a_loss_is_made_good_by_the_next_life_where_this_one_ends_in_between(
    settings: Settings, counting: Counting, noticed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(settings, counting) as one:
        await one.store(Add(item_id="a", number=1))
        one.listener.acked = dict([SAID])
        one.listener.lost = noticed == "by an offset"
        looking = asyncio.create_task(Keeper([one.flow], all_lost).look())
        await eventually(lambda: one.documents.database["unfinished"].count_documents({}))
        looking.cancel()

    monkeypatch.setattr("shared.flow.keeper.SETTLING", 0)
    async with desk(settings, counting) as next_life:
        await Keeper([next_life.flow], nothing_lost).look()

        assert "sums/a/1 again" in next_life.listener.said


async def test_what_lanes_of_the_dead_knew_counts_until_it_was_announced_again(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as dead:
        dead.listener.acked = dict([SAID])
        await dead.flow.lanes.remember()

    async with desk(settings, counting, "alive") as alive:
        assert alive.listener.acked == dict([SAID])
        await Keeper([alive.flow], nothing_lost).announce_again()

    async with desk(settings, counting, "later") as later:
        assert later.listener.acked == {}


async def test_an_earlier_write_that_arrives_late_takes_nothing_back(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as one:
        await one.flow.lanes.done(first := one.flow.lanes.next_mark())
        earlier = one.flow.lanes.own
        await one.flow.lanes.done(second := one.flow.lanes.next_mark())
        one.flow.lanes.own = earlier
        await one.flow.lanes.remember()

        assert first < second == await one.done()


async def nothing_lost(_: Any) -> list[Any]:
    """A broker that has everything."""
    return []


async def all_lost(marks: Any) -> list[Any]:
    """A broker that has nothing."""
    return list(marks)
