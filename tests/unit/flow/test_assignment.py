"""What is in hand when the group is joined anew: committed before, or not at all."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from shared.flow.assignment import Assignment
from shared.flow.bookmarks import Bookmark, Bookmarks
from shared.flow.errors import Passing

PLACES = [TopicPartition("things", 0)]


class Blank(Bookmarks):
    """Bookmarks of a service that has heard nothing yet."""

    def __init__(self) -> None:
        """Without a database."""

    async def load(self, _: Iterable[TopicPartition]) -> Mapping[TopicPartition, Bookmark]:
        """None, for any of them."""
        return {}


class Away(Blank):
    """Bookmarks in a database that is away, as it turns out when the test lets it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.fails = asyncio.Event()

    async def load(self, _: Iterable[TopicPartition]) -> Mapping[TopicPartition, Bookmark]:
        """Fail."""
        self.asked.set()
        await self.fails.wait()
        raise Passing("away")


class Broken(Blank):
    """Bookmarks that nobody can read."""

    async def load(self, _: Iterable[TopicPartition]) -> Mapping[TopicPartition, Bookmark]:
        """Fail, every time."""
        raise ZeroDivisionError


class Consumer:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def seek(self, place: TopicPartition, offset: int) -> None:
        """Go there."""
        self.done.append(("seek", place, offset))

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Remember it."""
        self.done.append(("commit", offsets))


async def given(patience: float = 60) -> Assignment:
    """An assignment with a partition."""
    assignment = Assignment(Blank(), {}, patience)
    await assignment.on_partitions_assigned(PLACES)
    return assignment


async def test_a_batch_in_hand_is_committed_before_its_partitions_are_given_away() -> None:
    assignment = await given()
    async with assignment.batch() as ours_still:
        leaving = asyncio.create_task(assignment.on_partitions_revoked(PLACES))
        await asyncio.sleep(0)
        assert ours_still()
        assert not leaving.done()
    await leaving


async def test_the_group_does_not_wait_for_ever_and_what_takes_longer_is_not_committed() -> None:
    assignment = await given(patience=0.01)
    async with assignment.batch() as ours_still:
        await assignment.on_partitions_revoked(PLACES)
        assert not ours_still()


async def test_a_batch_of_before_is_not_committed_when_partitions_are_given_again() -> None:
    assignment = await given(patience=0.01)
    async with assignment.batch() as ours_still:
        await assignment.on_partitions_revoked(PLACES)
        await assignment.on_partitions_assigned(PLACES)
        assert not ours_still()


async def test_what_was_fetched_before_waits_until_the_group_is_joined() -> None:
    assignment = await given()
    await assignment.on_partitions_revoked(PLACES)
    hearing = asyncio.create_task(hear(assignment))
    await asyncio.sleep(0)
    assert not hearing.done()

    await assignment.on_partitions_assigned(PLACES)

    assert await hearing


async def test_what_comes_while_the_log_is_looked_at_waits_until_it_is_sure_to_be_heard_from_its_beginning() -> (
    None
):
    marks, consumer = Away(), Consumer()
    assignment = Assignment(marks, {})
    assignment.consumer_of = lambda: cast("Any", consumer)
    looking = asyncio.create_task(assignment.on_partitions_assigned(PLACES))
    hearing = asyncio.create_task(hear(assignment))
    await marks.asked.wait()
    assert not hearing.done()

    marks.fails.set()
    await looking

    assert await hearing
    assert consumer.done == [("seek", PLACES[0], 0), ("commit", {PLACES[0]: 0})]


async def test_after_an_error_that_does_not_pass_nothing_is_committed() -> None:
    assignment = Assignment(Broken(), {})

    with pytest.raises(ZeroDivisionError):
        await assignment.on_partitions_assigned(PLACES)

    assert not await hear(assignment)


async def hear(assignment: Assignment) -> bool:
    """Take a batch in hand; whether it may be committed."""
    async with assignment.batch() as ours_still:
        return ours_still()
