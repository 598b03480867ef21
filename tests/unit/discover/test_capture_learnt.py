"""Step 11: what a department learnt begins the next round."""

import pytest

from services.discover.steps.capture_learnt import capture_learnt
from shared.contracts.base import Kind, TrialOutcome
from shared.contracts.discover import ItemCaptured
from shared.fingerprint import content_sha256
from shared.flow.step import unchanged
from tests.support.builders import NOW, adoption, author, item, moment


def learnt_from(outcome: TrialOutcome = TrialOutcome.WORKED, **changes: object) -> ItemCaptured:
    said = capture_learnt(None, adoption(outcome=outcome, **changes), moment()).says[0]
    assert isinstance(said, ItemCaptured)
    return said


def test_a_lesson_becomes_an_item_that_follows_the_first() -> None:
    said = learnt_from()

    assert (said.item_id, said.follows, said.version) == ("item-9", "item-1", 1)
    assert (said.content.body, said.content.topics) == ("Shorter is better.", ("finance/tax",))
    assert (said.author, said.captured_at) == (author(proof="ben's"), NOW)
    assert said.content_sha256 == content_sha256(said.content)


def test_the_item_is_kept_as_it_is_announced() -> None:
    outcome = capture_learnt(None, adoption(), moment())

    assert outcome.state is not None
    assert ItemCaptured.model_validate(dict(outcome.state)) == outcome.says[0]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (TrialOutcome.WORKED, Kind.USE_CASE),
        (TrialOutcome.PARTLY, Kind.TRICK),
        (TrialOutcome.FAILED, Kind.FAILURE),
    ],
)
def test_the_kind_follows_from_what_came_of_it(outcome: TrialOutcome, kind: Kind) -> None:
    assert learnt_from(outcome).content.kind is kind


def test_the_title_says_who_learnt_it_from_what_and_stays_short() -> None:
    assert learnt_from().content.title == "What sales learnt from “Plain words”"
    assert len(learnt_from(title="long " * 100).content.title) == 300


def test_a_lesson_heard_again_changes_nothing() -> None:
    known = item(item_id="item-9")

    assert capture_learnt(known, adoption(), moment()) == unchanged(known)


@pytest.mark.parametrize("missing", ["learned", "learned_as", "learned_by"])
def test_an_adoption_without_a_lesson_adds_nothing(missing: str) -> None:
    assert capture_learnt(None, adoption(**{missing: None}), moment()) == unchanged(None)
