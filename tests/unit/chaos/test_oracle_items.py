"""I1 turns red where an act has more effects, or fewer, than the client's knowledge of it allows."""

import pytest

from shared.contracts.share import ItemNominated
from tests.chaos.finding import Finding
from tests.chaos.history import Outcome
from tests.chaos.oracle_items import each_item_once
from tests.support import builders
from tests.support.chaos_evidence import act, document, evidence

RIGHT = {Outcome.OK: {1}, Outcome.FAILED: {0}, Outcome.UNKNOWN: {0, 1}}
CASES = [(outcome, times) for outcome in Outcome for times in range(3)]


def decisions(outcome: Outcome, times: int, verdict: str = "approve") -> Finding:
    state = {"decisions": [{"verdict": verdict, "by": {"id": "otto"}}] * times}
    wished = act("decide", "item-1", "otto", outcome=outcome, wish={"decision": "approve"})
    return each_item_once(evidence({("codify", "reviews"): [document("item-1", state)]}, wished))


@pytest.mark.parametrize(("outcome", "times"), CASES)
def test_a_decision_counts_as_often_as_the_client_knows(outcome: Outcome, times: int) -> None:
    assert decisions(outcome, times).holds == (times in RIGHT[outcome])


@pytest.mark.parametrize(("outcome", "times"), CASES)
def test_a_nomination_counts_as_often_as_the_client_knows(outcome: Outcome, times: int) -> None:
    said: list[ItemNominated] = [builders.nominated()] * times
    wished = act("nominate", "item-1", "amara", outcome=outcome)

    found = each_item_once(evidence({("share", "items"): [document("item-1", {}, *said)]}, wished))

    assert found.holds == (times in RIGHT[outcome])


def test_another_decision_than_the_unanswered_one_is_seen() -> None:
    assert not decisions(Outcome.UNKNOWN, 1, verdict="reject").holds


@pytest.mark.parametrize(("reports", "lessons"), [(1, 1), (0, 1), (1, 0), (1, 2), (2, 2)])
def test_an_adoption_is_one_report_and_one_lesson(reports: int, lessons: int) -> None:
    wished = act("adopt", "item-1", "greta", wish={"learned": "We learnt."})
    reported = {"entry_id": "item-1", "who": {"id": "greta"}}
    learnt = {"content": {"title": "What", "body": "We learnt."}}
    documents = {
        ("spread", "reports"): [document(f"r{number}", reported) for number in range(reports)],
        ("discover", "items"): [document(f"i{number}", learnt) for number in range(lessons)],
    }

    assert each_item_once(evidence(documents, wished)).holds == ((reports, lessons) == (1, 1))
