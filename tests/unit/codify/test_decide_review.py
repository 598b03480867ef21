"""Step 6: what becomes of a decision once its signature was looked at."""

from typing import Any

import pytest

from services.codify.domain.review import Decision, ReviewState
from services.codify.steps.decide_review import Audit, audit_decision, decide_review
from shared.contracts.codify import (
    ChangesRequested,
    DecideReview,
    DecisionRefused,
    ItemApproved,
    ItemMerged,
    ItemRejected,
    Verdict,
)
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import (
    LATER,
    MINE,
    NOW,
    OTHER_SHA,
    approved,
    author,
    checked,
    content,
    curator,
    hidden_author,
    merged,
    moment,
    rejected,
    review,
    who,
)

HEARD = DecideReview(item_id="item-1", jws="signed")


def decided(known: Any = None, **changes: Any) -> Any:
    return decide_review(known or review(), HEARD, moment(checked(**changes)))


def audited(known: Any = None, **changes: Any) -> Outcome[Audit]:
    return audit_decision(None, HEARD, moment((known or review(), checked(**changes))))


def decision(verdict: Verdict, **changes: Any) -> Decision:
    usual = {"decision_id": "d-1", "version": 1, "reason": "Clear.", "by": who("cora"), "at": NOW}
    return Decision.model_validate(usual | {"verdict": verdict} | changes)


def test_an_approved_item_is_said_whole() -> None:
    outcome = decided()

    assert outcome.state == review(state="approved", decisions=(decision(Verdict.APPROVE),))
    assert outcome.says == (approved(evidence=review().evidence),)


@pytest.mark.parametrize(
    ("verdict", "state", "said"),
    [
        (Verdict.APPROVE, ReviewState.APPROVED, ItemApproved),
        (Verdict.MERGE, ReviewState.MERGED, ItemMerged),
        (Verdict.REQUEST_CHANGES, ReviewState.CHANGES_REQUESTED, ChangesRequested),
        (Verdict.REJECT, ReviewState.REJECTED, ItemRejected),
    ],
)
def test_each_verdict_has_its_state_and_its_announcement(
    verdict: Verdict, state: ReviewState, said: type
) -> None:
    outcome = decided(verdict=verdict, into="entry-1", into_topics=())

    assert outcome.state.state is state
    assert [type(one) for one in outcome.says] == [said]


def test_a_merge_says_into_what() -> None:
    said = decided(verdict=Verdict.MERGE, into="entry-1", into_topics=()).says

    assert said == (merged(item_id="item-1", into="entry-1", decision_id="d-1"),)


def test_a_rejection_says_why_and_by_whom() -> None:
    assert decided(verdict=Verdict.REJECT).says == (rejected(),)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_same_decision_again_changes_nothing(verdict: Verdict) -> None:
    known = review(state="approved", decisions=(decision(verdict),))

    assert decided(known, verdict=verdict) == unchanged(known)


def test_merging_elsewhere_after_a_merge_is_another_decision() -> None:
    known = review(state="merged", decisions=(decision(Verdict.MERGE, into="entry-1"),))

    with pytest.raises(Refused, match="not open"):
        decided(known, verdict=Verdict.MERGE, into="entry-2", into_topics=(), decision_id="d-2")


REFUSED = [
    ({}, {"why_not": "The decision has expired; sign it again."}, "expired"),
    ({}, {"item_id": "item-2"}, "signed for another item"),
    ({}, {"curator": None}, "no say"),
    ({}, {"curator": curator("cora", "sales")}, "no say"),
    ({}, {"curator": curator(removed=True)}, "no say"),
    ({"content": content(topics=("finance", "sales"))}, {}, "no say"),
    ({}, {"proof": MINE}, "their own item"),
    ({"version": 2}, {}, "changed since it was read"),
    ({"content_sha256": OTHER_SHA}, {}, "changed since it was read"),
    ({"state": "rejected"}, {}, "not open"),
    ({"state": "closed"}, {}, "not open"),
    ({"state": "approved"}, {"decision_id": "d-2"}, "not open"),
    ({}, {"verdict": "merge", "into": "entry-1"}, "no entry"),
    ({}, {"verdict": "merge", "into": "item-1", "into_topics": ("finance",)}, "other than its own"),
]


@pytest.mark.parametrize(("known", "changes", "why"), REFUSED)
def test_a_decision_that_must_not_count_is_refused(known: Any, changes: Any, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        decided(review(**known), **changes)

    assert refused.value.status == 403


def test_what_is_not_under_review_is_not_decided() -> None:
    with pytest.raises(Refused, match="not under review"):
        decide_review(None, HEARD, moment(checked()))


@pytest.mark.parametrize("topics", [("",), ("finance",), ("finance/tax",), ("sales", "finance")])
def test_the_say_over_a_topic_takes_in_those_under_it(topics: tuple[str, ...]) -> None:
    assert decided(curator=curator("cora", *topics)).says


def test_the_say_over_a_narrower_topic_is_not_enough() -> None:
    with pytest.raises(Refused, match="no say"):
        decided(review(content=content(topics=("finance",))), curator=curator("cora", "finance/tax"))


def test_an_item_without_topics_is_any_curators() -> None:
    assert decided(review(content=content(topics=())), curator=curator("cora", "sales")).says


def test_an_amended_item_may_be_decided_anew() -> None:
    known = review(version=2, decisions=(decision(Verdict.REQUEST_CHANGES),))

    outcome = decided(known, decision_id="d-2", version=2)

    assert [one.decision_id for one in outcome.state.decisions] == ["d-1", "d-2"]


def test_a_decision_id_does_not_serve_for_another_decision() -> None:
    known = review(version=2, decisions=(decision(Verdict.REQUEST_CHANGES),))

    with pytest.raises(Refused):
        decided(known, version=2, verdict=Verdict.APPROVE)


def test_a_decision_that_counted_is_written_down() -> None:
    known = decided().state

    assert audited(known) == Outcome(Audit(item_id="item-1", sub="cora", refused=None))


@pytest.mark.parametrize(("known", "changes", "why"), REFUSED)
def test_a_refused_decision_is_told_to_those_who_audit(known: Any, changes: Any, why: str) -> None:
    outcome = audited(review(**known), **changes)

    assert outcome.state is not None
    assert why in str(outcome.state.refused)
    assert [type(one) for one in outcome.says] == [DecisionRefused]


def test_a_decision_is_audited_once() -> None:
    known = Audit(item_id="item-1", sub="cora", refused="Too early.")

    outcome = audit_decision(known, HEARD, moment((review(), checked()), at=LATER))

    assert outcome == unchanged(known)


def test_a_decision_that_came_before_its_review_is_not_audited_as_counted() -> None:
    with pytest.raises(Refused):
        decide_review(None, HEARD, moment(checked()))

    assert audited(review()).state != Audit(item_id="item-1", sub="cora", refused=None)


def test_a_hidden_author_who_decides_about_their_own_item_changes_nothing_and_leaves_no_trace() -> None:
    own = review(author=hidden_author())

    assert decided(own, proof=MINE) == unchanged(own)
    assert audited(own, proof=MINE, sub="anna", curator=curator("anna")) == unchanged(None)


def test_refusing_an_author_known_by_name_tells_who_it_was() -> None:
    outcome = audited(review(author=author()), proof=MINE, sub="anna", curator=curator("anna"))

    assert outcome.state is not None
    assert outcome.state.refused == "Nobody decides about their own item."
