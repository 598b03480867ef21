"""Step 8: what spread knows of an entry, whichever news comes first."""

import pytest

from services.spread.steps.index_entry import index_entry, retire_entry
from shared.flow.step import Outcome, unchanged
from tests.support.builders import hidden_author, moment, published, retired, spread_entry


def test_a_published_entry_is_taken_over_and_nothing_is_said() -> None:
    said = published(author=hidden_author())

    assert index_entry(None, said, moment()) == Outcome(spread_entry(author=hidden_author()))


def test_a_later_version_takes_the_place_of_an_earlier_one() -> None:
    outcome = index_entry(spread_entry(), published(version=3, item_version=2), moment())

    assert outcome == Outcome(spread_entry(version=3, item_version=2))


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_heard_again_or_late_changes_nothing(version: int) -> None:
    known = spread_entry(version=version)

    assert index_entry(known, published(), moment()) == unchanged(known)


def test_a_retired_entry_is_still_known() -> None:
    outcome = retire_entry(spread_entry(), retired(version=2), moment())

    assert outcome == Outcome(spread_entry(version=2, retired=True))
    assert retire_entry(outcome.state, retired(version=2), moment()) == unchanged(outcome.state)


def test_an_entry_that_was_published_again_is_not_retired_by_older_news() -> None:
    known = spread_entry(version=3)

    assert retire_entry(known, retired(version=2), moment()) == unchanged(known)


def test_a_retired_entry_comes_back_with_a_later_version_only() -> None:
    gone = spread_entry(version=2, retired=True)

    assert index_entry(gone, published(version=1), moment()) == unchanged(gone)
    assert index_entry(gone, published(version=3), moment()) == Outcome(spread_entry(version=3))


def test_an_unknown_entry_is_not_retired() -> None:
    assert retire_entry(None, retired(), moment()) == unchanged(None)
