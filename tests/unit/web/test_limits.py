"""Limits are counted per person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.signed_in import REMEMBERED, Limits
from tests.support.identity import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_as_many_as_a_minute_allows_may_come_at_once(clock: Clock) -> None:
    limits = Limits(60, clock)

    assert [limits.wait("ada") for _ in range(60)] == [0.0] * 60
    assert limits.wait("ada") == pytest.approx(1.0)


def test_after_the_wait_one_more_may_come(clock: Clock) -> None:
    limits = Limits(60, clock)
    waits = [limits.wait("ada") for _ in range(61)]
    clock.now += waits[-1]

    assert [limits.wait("ada") for _ in range(2)] == [0.0, pytest.approx(1.0)]


def test_a_refused_request_costs_nothing(clock: Clock) -> None:
    limits = Limits(1, clock)
    limits.wait("ada")

    assert [limits.wait("ada") for _ in range(3)] == [60.0] * 3


def test_rest_is_not_saved_up_beyond_a_minute(clock: Clock) -> None:
    limits = Limits(2, clock)
    limits.wait("ada")
    clock.now += 3600

    assert [limits.wait("ada") > 0 for _ in range(3)] == [False, False, True]


def test_one_persons_hurry_is_not_anothers(clock: Clock) -> None:
    limits = Limits(1, clock)
    limits.wait("ada")

    assert limits.wait("ben") == 0.0


def test_only_so_many_people_are_remembered_those_who_came_last(clock: Clock) -> None:
    limits = Limits(1, clock)
    for number in range(REMEMBERED + 1):
        limits.wait(f"person-{number}")

    assert limits.wait(f"person-{REMEMBERED}") > 0
    assert limits.wait("person-0") == 0.0


@given(st.lists(st.floats(0, 10), max_size=200), st.integers(1, 100))
def test_nobody_gets_more_than_a_minute_allows(pauses: list[float], allowed: int) -> None:
    clock = Clock()
    limits, got = Limits(allowed, clock), 0
    for pause in pauses:
        clock.now += pause
        got += limits.wait("ada") == 0.0

    assert got <= allowed + sum(pauses) * allowed / 60 + 1e-6
