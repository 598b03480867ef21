"""What is in hand when the group is joined anew: committed before, or not at all."""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import TopicPartition

from shared.flow.assignment import Assignment
from shared.flow.bookmarks import Bookmark, Bookmarks

PLACES = [TopicPartition("things", 0)]


class Blank(Bookmarks):
    """Bookmarks of a service that has heard nothing yet."""

    def __init__(self) -> None:
        """Without a database."""

    async def load(self, _: Iterable[TopicPartition]) -> Mapping[TopicPartition, Bookmark]:
        """None, for any of them."""
        return {}


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


async def test_what_was_fetched_before_and_begins_while_the_group_is_joined_is_not_committed() -> None:
    assignment = await given()
    await assignment.on_partitions_revoked(PLACES)
    async with assignment.batch() as ours_still:
        assert not ours_still()
        await assignment.on_partitions_assigned(PLACES)
        assert not ours_still()
    async with assignment.batch() as ours_still:
        assert ours_still()
