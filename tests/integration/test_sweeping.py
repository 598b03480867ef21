"""Another instance says what a dead one could not, and a second life under one name takes over from the first."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from shared.flow.announcement import Announcement
from shared.flow.keeper import Keeper
from shared.flow.lanes import FencedError
from shared.flow.step import On
from shared.settings import Settings
from tests.support.counting import Add, Counting
from tests.support.desk import Desk, Listener, desk, talking
from tests.support.eventually import eventually
from tests.support.gate import Gated, at_the_gate, second


async def test_what_a_dead_lane_stored_is_swept_once(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting) as dead:
        await dead.store(Add(item_id="a", number=1), Add(item_id="b", number=1))

    async with desk(settings, counting, "alive") as alive:
        keeper = keeper_of(alive)
        for _ in range(5):
            await keeper.look()

        assert sorted(alive.listener.said) == ["sums/a/1", "sums/b/1"]


async def test_what_a_dead_lane_stored_is_swept_once_also_where_it_had_said_something(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as dead:
        async with talking(dead):
            await dead.out(await dead.store(Add(item_id="a", number=1)))
        await dead.store(Add(item_id="a", number=2))

    async with desk(settings, counting, "alive") as alive:
        keeper = keeper_of(alive)
        for _ in range(5):
            await keeper.look()

        assert alive.listener.said == ["sums/a/2"]


async def test_a_lane_that_is_swept_in_the_middle_of_a_batch_leaves_nothing_unsaid(
    settings: Settings, counting: Counting
) -> None:
    rows = (*counting.rows, second(counting))
    async with desk(settings, counting, kind=Gated, rows=rows) as slow:
        async with talking(slow):
            await slow.out(await slow.store(Add(item_id="quick", number=1)))
        storing = asyncio.create_task(slow.store(Add(item_id="slow", number=1)))
        gated = await at_the_gate(slow)
        said = await swept(settings, counting, rows)
        gated.gate.set()
        await storing

    said += await swept(settings, counting, rows)
    assert set(said) == {"sums/slow/1", "later/slow/1"}


async def test_what_a_dead_lane_left_counts_as_said_after_a_while(
    settings: Settings, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(settings, counting) as dead:
        mark = await dead.store(Add(item_id="a", number=1))
    async with desk(settings, counting, "alive") as alive:
        keeper = keeper_of(alive)
        await swept_by(keeper)
        assert await dead_lane(alive) != mark

        monkeypatch.setattr("shared.flow.keeper.LATE", 0.0)
        await swept_by(keeper)
        assert await dead_lane(alive) == mark


async def test_what_an_earlier_life_left_counts_as_said_after_a_while(
    settings: Settings, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(settings, counting) as earlier:
        mark = await earlier.store(Add(item_id="a", number=1))
    async with desk(settings, counting) as later, talking(later):
        keeper = keeper_of(later)
        await eventually(lambda: later.listener.said)
        await keeper.look()
        assert not later.flow.lanes.is_done(mark)

        monkeypatch.setattr("shared.flow.keeper.LATE", 0.0)
        await keeper.look()
        assert later.listener.said == ["sums/a/1"]
        assert later.flow.lanes.is_done(mark)
        assert await later.done() > mark


async def test_what_an_earlier_life_left_does_not_count_as_said_before_kafka_has_it(
    settings: Settings, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.flow.keeper.LATE", 0.0)
    async with desk(settings, counting) as earlier:
        mark = await earlier.store(Add(item_id="a", number=1))
    async with desk(settings, counting) as later:
        later.flow.voice.announcer = silent = Silent()
        async with talking(later):
            await silent.asked.wait()
            await keeper_of(later).look()

            assert not later.flow.lanes.is_done(mark)
            silent.answers.set()
            await eventually(lambda: silent.said == ["sums/a/1"])


@pytest.mark.parametrize("late", [0.0, 60.0])
async def test_what_a_sweep_sees_for_the_first_time_may_have_been_read_in_part(
    settings: Settings, counting: Counting, late: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.flow.keeper.LATE", late)
    async with desk(settings, counting) as dead, desk(settings, counting, "alive") as alive:
        await dead.store(Add(item_id="a", number=1))
        keeper = keeper_of(alive)
        await swept_by(keeper)
        mark = await dead.store(Add(item_id="b", number=1))
        await dead.store(Add(item_id="c", number=1))

        await keeper.look()
        assert await dead_lane(alive) < mark

        await swept_by(keeper)
        assert await dead_lane(alive) >= mark


async def test_a_second_life_is_noticed_by_who_has_nothing_to_say(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, "same") as first, desk(settings, counting, "same"):
        await keeper_of(first).look()

        with pytest.raises(FencedError):
            await first.store(Add(item_id="a", number=1))


async def test_a_second_life_under_one_name_fences_the_first(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting, "same") as first, desk(settings, counting, "same"):
        running = asyncio.create_task(first.voice.run())
        await first.store(Add(item_id="a", number=1))

        with pytest.raises(FencedError, match="same"):
            await running


async def test_what_the_first_still_stored_before_it_knew_is_said(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, "same") as first, desk(settings, counting, "same") as second_life:
        async with talking(second_life):
            await second_life.out(await second_life.store(Add(item_id="b", number=1)))
        for number in range(3):
            await first.store(Add(item_id="a", number=number))

        async with talking(first):
            await eventually(lambda: {f"sums/a/{n}" for n in (1, 2, 3)} <= set(first.listener.said), within=3)


async def test_the_first_stores_nothing_more_once_it_knows(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting, "same") as first, desk(settings, counting, "same"):
        running = asyncio.create_task(first.voice.run())
        await first.store(Add(item_id="a", number=1))
        await asyncio.wait([running], timeout=5)

        with pytest.raises(FencedError):
            await first.store(Add(item_id="a", number=2))
        assert running.done()


class Silent(Listener):
    """Kafka does not acknowledge what it is told, until the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def announce(self, said: Sequence[Announcement], again: str = "") -> None:
        """Take it once it answers."""
        self.asked.set()
        await self.answers.wait()
        await super().announce(said, again)


async def swept(settings: Settings, counting: Counting, rows: tuple[On, ...]) -> list[str]:
    """What another instance says in three rounds."""
    async with desk(settings, counting, uuid4().hex, rows=rows) as other:
        await swept_by(keeper_of(other))
        return other.listener.said


async def swept_by(keeper: Keeper) -> None:
    """Three rounds: the first only gets to know the lanes."""
    for _ in range(3):
        await keeper.look()


async def dead_lane(one: Desk) -> str:
    """How far the dead lane counts as said."""
    await one.flow.lanes.refresh()
    return one.flow.lanes.known["dead"].done


def keeper_of(one: Desk) -> Keeper:
    """Its background work, one round at a time."""
    return Keeper([one.flow], _nowhere)


async def _nowhere(_: Any) -> list[Any]:
    return []
