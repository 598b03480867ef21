"""I1 turns red where an act has more effects, or fewer, than the client's knowledge of it allows."""

from typing import Any, TypeAlias

import pytest

from shared.contracts.share import ItemNominated
from tests.chaos.finding import Finding
from tests.chaos.history import Act, Outcome
from tests.chaos.oracle_items import each_item_once
from tests.support import builders
from tests.support.chaos_evidence import DECISION, act, document, evidence

RIGHT = {Outcome.OK: {1}, Outcome.FAILED: {0}, Outcome.UNKNOWN: {0, 1}}
SHARED = {"nominated": False, "rejected": 0}
Documents: TypeAlias = dict[tuple[str, str], list[dict[str, Any]]]
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
    learnt = {"content": {"title": "What", "body": "We learnt."}, "stage": "shared"}
    known = [f"i{number}" for number in range(lessons)]
    documents = {
        ("spread", "reports"): [document(f"r{number}", reported) for number in range(reports)],
        ("discover", "items"): [document(key, learnt) for key in known],
        ("share", "items"): [document(key, SHARED) for key in known],
    }

    assert each_item_once(evidence(documents, wished)).holds == ((reports, lessons) == (1, 1))


WISH = {"title": "n1 ledger", "body": "n1: kiwi", "topics": ["finance"]}


def captured(
    stage: str, shared: dict[str, Any] | None, *more: Act, **changes: Any
) -> tuple[Documents, list[Act]]:
    """An item that came so far, as discover and share have it."""
    state = {"content": WISH, "author": {"person": "yuki"}, "stage": stage} | changes
    documents = {
        ("discover", "items"): [document("item-1", state)],
        ("share", "items"): [document("item-1", shared)] if shared else [],
    }
    return documents, [act("capture", "n1", "yuki", wish=WISH), *more]


def items(documents: Documents, acts: list[Act]) -> list[str]:
    """What is wrong with them."""
    return each_item_once(evidence(documents, *acts)).wrong


def test_an_item_that_is_where_it_should_be_is_in_order() -> None:
    assert items(*captured("shared", SHARED)) == []


def test_a_capture_that_share_never_heard_of_is_seen() -> None:
    assert items(*captured("captured", None)) == ["item-1 was never shared"]


@pytest.mark.parametrize(("versions", "rejected", "missing"), [((1, 1), 0, True), ((1, 2), 1, False)])
def test_an_item_that_two_vouched_for_must_be_put_forward(
    versions: tuple[int, ...], rejected: int, *, missing: bool
) -> None:
    documents, acts = captured("shared", SHARED | {"rejected": rejected})
    words = [{"item_id": "item-1", "version": version} for version in versions]
    documents["share", "endorsements"] = [document(f"e{n}", word) for n, word in enumerate(words)]

    assert items(documents, acts) == ["item-1 is vouched for and not put forward"] * missing


def test_a_nomination_that_codify_never_heard_of_is_seen() -> None:
    found = items(*captured("nominated", SHARED | {"nominated": True}))

    assert found == ["item-1 is put forward and not under review"]


@pytest.mark.parametrize("verdict", ["approve", "merge"])
@pytest.mark.parametrize("published", [True, False])
def test_a_decision_to_publish_must_lead_to_a_publication(verdict: str, *, published: bool) -> None:
    documents, acts = captured("approved", SHARED | {"nominated": True})
    decision = {"verdict": verdict, "decision_id": DECISION, "by": {"id": "otto"}}
    documents["codify", "reviews"] = [document("item-1", {"state": "approved", "decisions": [decision]})]
    documents["codify", "entries"] = [document("item-2", {"decisions": [DECISION] * published})]

    assert bool(items(documents, acts)) is not published


@pytest.mark.parametrize("changes", [{"content": WISH | {"body": "torn"}}, {"author": {"person": "mallory"}}])
def test_an_item_that_is_not_what_was_captured_is_seen(changes: dict[str, Any]) -> None:
    assert items(*captured("shared", SHARED, **changes)) != []


def test_an_item_that_is_not_where_discover_says_is_seen() -> None:
    assert items(*captured("nominated", SHARED)) != []


def test_an_item_that_nobody_captured_is_seen() -> None:
    documents, _ = captured("shared", SHARED)

    assert items(documents, []) == ["nobody captured or learnt item-1"]


@pytest.mark.parametrize("removed", [True, False])
def test_a_subscription_stands_until_it_is_taken_back(*, removed: bool) -> None:
    stored = {"department": "finance-1", "removed": removed}
    wished = act("subscribe", "finance-1", "admin", wish={"department": "finance-1"}, answer={"id": "s1"})
    gone = act("unsubscribe", "s1", "admin")
    there = evidence({("spread", "subscriptions"): [document("s1", stored)]}, wished, gone)

    assert each_item_once(there).holds is removed
    assert not each_item_once(evidence({}, wished)).holds
