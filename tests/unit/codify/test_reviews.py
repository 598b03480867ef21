"""Step 5 and its followers: a review opens, is renewed by an amendment, and closes when the item is withdrawn."""

import pytest

from services.codify.domain.review import Decision, ReviewState, TakenBack
from services.codify.shown import ShownReview
from services.codify.steps.close_review import close_review, note_taken_back
from services.codify.steps.open_review import open_review
from services.codify.steps.renew_review import renew_review
from shared.contracts.base import Author, Content
from shared.contracts.codify import ReviewOpened, Verdict
from shared.contracts.share import Evidence
from shared.flow.step import unchanged
from shared.storage.document import Document
from tests.support.builders import (
    LATER,
    NOW,
    OTHER_SHA,
    SHA,
    author,
    content,
    hidden_author,
    moment,
    nominated,
    review,
    revised,
    taken_back,
    who,
)

DECISION = Decision(
    decision_id="d-1", version=1, verdict=Verdict.REQUEST_CHANGES, reason="Why?", by=who("cora"), at=NOW
)
NOT_OPEN = [state for state in ReviewState if state is not ReviewState.OPEN]


@pytest.mark.parametrize("whose", [author(), hidden_author()])
def test_a_nominated_item_comes_before_the_curators(whose: Author) -> None:
    outcome = open_review(None, nominated(author=whose), moment())

    assert outcome.state == review(evidence=Evidence(endorsements=2), author=whose)
    assert outcome.says == (ReviewOpened(item_id="item-1", version=1, content_sha256=SHA),)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("state", list(ReviewState))
def test_a_nomination_heard_again_or_late_changes_nothing(state: ReviewState, version: int) -> None:
    known = review(state=state, version=version)

    assert open_review(known, nominated(), moment(at=LATER)) == unchanged(known)


@pytest.mark.parametrize("state", [ReviewState.REJECTED, ReviewState.CLOSED])
def test_a_later_version_is_reviewed_anew_and_earlier_decisions_are_kept(state: ReviewState) -> None:
    known = review(state=state, decisions=(DECISION,))

    outcome = open_review(known, nominated(version=2, content_sha256=OTHER_SHA), moment(at=LATER))

    assert outcome.state is not None
    assert (outcome.state.state, outcome.state.version) == (ReviewState.OPEN, 2)
    assert outcome.state.decisions == (DECISION,)
    assert outcome.says == (ReviewOpened(item_id="item-1", version=2, content_sha256=OTHER_SHA),)


@pytest.mark.parametrize(
    "state",
    [ReviewState.OPEN, ReviewState.CHANGES_REQUESTED, ReviewState.APPROVED, ReviewState.MERGED],
)
def test_an_amended_item_waits_for_a_curator_again(state: ReviewState) -> None:
    better = content(body="Better.")

    outcome = renew_review(review(state=state), revised(content=better), moment(at=LATER))

    assert outcome.state == review(version=2, content=better, content_sha256=OTHER_SHA, opened_at=LATER)
    assert outcome.says == (ReviewOpened(item_id="item-1", version=2, content_sha256=OTHER_SHA),)


def test_a_rejected_item_waits_for_a_new_nomination() -> None:
    known = review(state=ReviewState.REJECTED)

    assert renew_review(known, revised(), moment()) == unchanged(known)


def test_a_withdrawn_item_that_was_captured_and_amended_anew_waits_for_a_new_nomination() -> None:
    known = review(state=ReviewState.CLOSED, version=2)

    assert renew_review(known, revised(version=4), moment()) == unchanged(known)


@pytest.mark.parametrize("version", [2, 3])
def test_a_stale_amendment_changes_nothing(version: int) -> None:
    known = review(version=version)

    assert renew_review(known, revised(), moment()) == unchanged(known)


def test_an_item_that_is_not_under_review_is_not_renewed() -> None:
    assert renew_review(None, revised(), moment()) == unchanged(None)


@pytest.mark.parametrize("state", [*NOT_OPEN[:-1], ReviewState.OPEN])
def test_a_withdrawn_item_leaves_its_review_at_every_stage(state: ReviewState) -> None:
    outcome = close_review(review(state=state), taken_back(), moment())

    assert outcome.state == review(state=ReviewState.CLOSED, version=2)
    assert not outcome.says


@pytest.mark.parametrize("version", [2, 3])
def test_a_withdrawal_heard_again_or_late_changes_nothing(version: int) -> None:
    known = review(version=version)

    assert close_review(known, taken_back(), moment()) == unchanged(known)


def test_an_item_that_is_nominated_after_its_end_is_not_reviewed() -> None:
    gone = note_taken_back(None, taken_back(), moment()).state

    assert gone == TakenBack(item_id="item-1", version=2)
    assert open_review(None, nominated(), moment(gone)) == unchanged(None)
    assert open_review(None, nominated(version=3), moment(gone)).says


@pytest.mark.parametrize("version", [1, 2])
def test_an_end_that_was_noted_is_not_noted_again(version: int) -> None:
    known = TakenBack(item_id="item-1", version=2)

    assert note_taken_back(known, taken_back(version), moment()) == unchanged(known)


def test_a_withdrawn_item_that_was_never_nominated_has_no_review_to_close() -> None:
    assert close_review(None, taken_back(), moment()) == unchanged(None)


def test_a_review_shows_everything_that_its_hash_covers() -> None:
    read = content(
        sample_output="So it looks.", expected="Lists.", tools=("chat",), model="m-1", origin="here"
    )

    shown = ShownReview.of(Document("item-1", 1, review(content=read))).model_dump(mode="json")

    assert {name: shown[name] for name in Content.model_fields} == read.model_dump(mode="json")
