"""The guard against a flood of dead letters."""

from collections.abc import Callable

import pytest

from shared.flow.errors import Passing
from shared.flow.guard import Guard
from tests.support.identity import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trips(clock: Clock) -> Callable[[int, int], bool]:
    guard = Guard(clock)

    def check(heard: int, bad: int) -> bool:
        try:
            guard.check(heard, bad)
        except Passing:
            return True
        return False

    return check


Trips = Callable[[int, int], bool]


def test_good_messages_never_trip_it(trips: Trips) -> None:
    assert not any(trips(200, 0) for _ in range(50))


@pytest.mark.parametrize(("heard", "bad"), [(1, 1), (3, 1), (19, 19), (200, 10), (400, 20)])
def test_a_few_bad_messages_are_no_flood(trips: Trips, heard: int, bad: int) -> None:
    assert not trips(heard, bad)


@pytest.mark.parametrize(("heard", "bad"), [(20, 20), (399, 20), (200, 21), (100, 100)])
def test_more_than_five_percent_is_a_flood_once_there_are_enough(trips: Trips, heard: int, bad: int) -> None:
    assert trips(heard, bad)


def test_a_flood_may_come_in_small_batches(trips: Trips) -> None:
    assert [trips(10, 5) for _ in range(4)] == [False, False, False, True]


def test_only_the_last_minute_counts(trips: Trips, clock: Clock) -> None:
    trips(10, 10)
    clock.now += 61

    assert not trips(19, 19)


def test_good_messages_of_the_last_minute_count_too(trips: Trips) -> None:
    trips(1000, 0)

    assert not trips(20, 20)


def test_a_hundred_in_a_row_are_a_flood_however_slowly_they_come(trips: Trips, clock: Clock) -> None:
    tripped = []
    for _ in range(10):
        clock.now += 61
        tripped.append(trips(10, 10))

    assert tripped == [False] * 9 + [True]


def test_one_good_message_ends_the_row(trips: Trips, clock: Clock) -> None:
    tripped = []
    for batch in [(10, 10)] * 9 + [(11, 10)] + [(10, 10)] * 9:
        clock.now += 61
        tripped.append(trips(*batch))

    assert not any(tripped)


def test_a_held_batch_is_not_counted_and_trips_again(trips: Trips) -> None:
    assert trips(30, 30)
    assert trips(30, 30)
    assert not trips(2000, 20)


def test_it_says_how_much_would_be_parked(clock: Clock) -> None:
    guard = Guard(clock)

    with pytest.raises(Passing, match="30 of 40 messages"):
        guard.check(40, 30)

    assert guard.tripped


def test_it_recovers_when_messages_are_good_again(clock: Clock) -> None:
    guard = Guard(clock)
    with pytest.raises(Passing):
        guard.check(40, 40)

    guard.check(40, 0)

    assert not guard.tripped
