"""Step 10: a department reports what came of an entry."""

import pytest

from services.spread.domain.feed import Report
from services.spread.steps.report_adoption import ReportAdoption, report_adoption
from shared.contracts.base import TrialOutcome
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import LATER, NOW, adoption, author, moment, spread_entry, who

WISH = ReportAdoption(
    adoption_id="a-1",
    entry_id="item-1",
    department="sales",
    outcome=TrialOutcome.WORKED,
    who=who(),
    learned="Shorter is better.",
    learned_as="item-9",
    learned_by=author(proof="ben's"),
)
REPORT = Report(
    entry_id="item-1", department="sales", outcome=TrialOutcome.WORKED, who=who(), reported_at=NOW
)


def test_a_report_is_kept_and_said_with_the_version_it_is_about() -> None:
    outcome = report_adoption(None, WISH, moment(spread_entry(version=3, item_version=2)))

    assert outcome == Outcome(REPORT, says=(adoption(version=3, item_version=2),))


def test_a_report_without_a_lesson_is_a_report() -> None:
    nothing = {"learned": None, "learned_as": None, "learned_by": None}

    outcome = report_adoption(None, WISH.model_copy(update=nothing), moment(spread_entry()))

    assert outcome.says == (adoption(**nothing),)


def test_the_same_report_again_changes_nothing() -> None:
    assert report_adoption(REPORT, WISH, moment(spread_entry(), at=LATER)) == unchanged(REPORT)


def test_what_is_not_in_the_library_is_not_reported_about() -> None:
    with pytest.raises(Refused, match="no such entry") as refused:
        report_adoption(None, WISH, moment(None))

    assert refused.value.status == 404


def test_a_retired_entry_may_be_reported_about() -> None:
    outcome = report_adoption(None, WISH, moment(spread_entry(version=3, retired=True)))

    assert outcome.says == (adoption(version=2),)
