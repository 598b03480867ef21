"""Hearing the same twice changes nothing: every row of every service's table, found by walking the tables."""

import importlib
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from pydantic import BaseModel

from shared.contracts import EVENTS
from shared.flow import dead_letters
from shared.flow.step import Moment, On, Outcome
from shared.identity.policy import SERVICES
from shared.storage.document import Collection
from tests.support.generated import Case, stories

TABLES: dict[str, tuple[On, ...]] = {
    name: importlib.import_module(f"services.{name}.events").ROWS for name in SERVICES
} | {"every service": dead_letters.ROWS}
ROWS = {
    f"{service}: {row.heard.__name__} to {row.step.__name__}": (table, row)
    for service, table in TABLES.items()
    for row in table
}
STEPS = {row.step.__name__: (table, row) for table, row in ROWS.values()}
MANY = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
REACHING = settings(MANY, max_examples=3000)


def hears_twice(table: tuple[On, ...], row: On) -> None:
    alike = sum(one.step is row.step for one in table)

    @settings(MANY, max_examples=max(10, MANY.max_examples // alike))
    @given(stories(row, table))
    def check(story: tuple[Any, Case]) -> None:
        state, case = story
        first = case.outcome(state)
        known = first.state if first else state

        second = case.outcome(known)

        assert (first is None) == (second is None)
        assert second is None or (second.state == known and not second.says)

    check()


@pytest.mark.parametrize("row", ROWS)
def test_hearing_it_twice_is_hearing_it_once(row: str) -> None:
    hears_twice(*ROWS[row])


def test_no_row_is_left_out() -> None:
    assert len(ROWS) == sum(map(len, TABLES.values()))
    assert {row.heard.__name__ for _, row in ROWS.values()} >= set(EVENTS)


@pytest.mark.parametrize("step", STEPS)
def test_what_is_generated_moves_every_step(step: str) -> None:
    table, row = STEPS[step]

    assert find(stories(row, table), lambda story: story[1].moves(story[0]), settings=REACHING)


def leaves_alone_what_it_does_not_make(table: tuple[On, ...], row: On) -> None:
    @settings(MANY)
    @given(stories(row, table))
    def check(story: tuple[Any, Case]) -> None:
        state, case = story
        if case.moves(None):
            return

        refused = case.outcome(None) is None

        assert not case.moves(state)
        assert refused == (case.outcome(state) is None)

    check()


@pytest.mark.parametrize("row", [name for name, (_, row) in ROWS.items() if row.creates])
def test_who_is_not_asked_for_a_document_first_changes_none_without_making_one(row: str) -> None:
    leaves_alone_what_it_does_not_make(*ROWS[row])


class Tally(BaseModel):
    """How often something was heard."""

    times: int


class Rang(BaseModel):
    """Something that may be heard."""

    who: str


def counting(tally: Tally | None, _: Rang, __: Moment) -> Outcome[Tally]:
    """A step as none may be: it counts what it hears."""
    return Outcome(Tally(times=tally.times + 1 if tally else 1))


def counting_on(tally: Tally | None, _: Rang, __: Moment) -> Outcome[Tally]:
    """A step that changes what it would not make."""
    return Outcome(Tally(times=tally.times + 1) if tally else None)


TALLIES = Collection("tallies", Tally)


def test_a_step_that_counts_is_found_out() -> None:
    row = On(Rang, counting, into=TALLIES, key=lambda heard: heard.who)

    with pytest.raises(AssertionError):
        hears_twice((row,), row)


def test_a_step_that_changes_what_it_would_not_make_is_found_out() -> None:
    row = On(Rang, counting_on, into=TALLIES, key=lambda heard: heard.who, creates=True)

    with pytest.raises(AssertionError):
        leaves_alone_what_it_does_not_make((row,), row)
