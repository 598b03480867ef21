"""Step 3: who may endorse or try an item, and what is kept of it."""

from typing import Any

import pytest

from services.share.domain.shared_item import Endorsement, Trial
from services.share.events import by_person
from services.share.steps.react import EndorseItem, TryItem, endorse_item, try_item
from shared.contracts.base import TrialOutcome
from shared.contracts.share import ItemEndorsed, ItemTried
from shared.flow.step import Refused, unchanged
from tests.support.builders import MINE, hidden_author, moment, shared, who

ENDORSE = EndorseItem(item_id="item-1", who=who(), proof="ben's", comment="Saved an hour.")
TRY = TryItem(item_id="item-1", who=who(), proof="ben's", outcome=TrialOutcome.WORKED, note="At once.")
TRIED = Trial(item_id="item-1", who=who(), outcome=TrialOutcome.WORKED, note="At once.")
BOTH = pytest.mark.parametrize(("step", "wish"), [(endorse_item, ENDORSE), (try_item, TRY)])


def test_an_endorsement_is_kept_and_said() -> None:
    outcome = endorse_item(None, ENDORSE, moment(shared()))

    said = {"item_id": "item-1", "who": who(), "comment": "Saved an hour."}
    assert outcome.state == Endorsement.model_validate(said)
    assert outcome.says == (ItemEndorsed.model_validate(said),)


def test_endorsing_again_changes_nothing_whatever_the_comment() -> None:
    known = Endorsement(item_id="item-1", who=who(), comment="Saved an hour.")

    wish = ENDORSE.model_copy(update={"comment": "And another one."})

    assert endorse_item(known, wish, moment(shared())) == unchanged(known)


def test_whoever_vouched_may_vouch_for_the_next_version() -> None:
    known = Endorsement(item_id="item-1", who=who(), comment="Saved an hour.")

    outcome = endorse_item(known, ENDORSE, moment(shared(version=2)))

    assert outcome.state == known.model_copy(update={"version": 2})
    assert len(outcome.says) == 1


def test_whoever_tried_may_try_the_next_version_with_the_same_outcome() -> None:
    outcome = try_item(TRIED, TRY, moment(shared(version=2)))

    assert outcome.state == TRIED.model_copy(update={"version": 2, "turn": 2})
    assert len(outcome.says) == 1


def test_a_try_is_kept_and_said() -> None:
    outcome = try_item(None, TRY, moment(shared()))

    assert outcome.state == TRIED
    assert outcome.says == (ItemTried.model_validate(dict(TRIED)),)


def test_the_same_try_again_changes_nothing() -> None:
    assert try_item(TRIED, TRY, moment(shared())) == unchanged(TRIED)


def test_a_later_try_takes_the_place_of_an_earlier_one() -> None:
    wish = TRY.model_copy(update={"outcome": TrialOutcome.FAILED, "note": None})

    outcome = try_item(TRIED, wish, moment(shared()))

    failed = Trial(item_id="item-1", who=who(), outcome=TrialOutcome.FAILED, turn=2)
    assert outcome.state == failed
    assert outcome.says == (ItemTried.model_validate(dict(failed)),)


def test_what_is_said_of_a_third_try_differs_from_what_was_said_of_the_first() -> None:
    failed = TRY.model_copy(update={"outcome": TrialOutcome.FAILED})
    known: Trial | None = None
    said: list[Any] = []

    for wish in (TRY, failed, TRY):
        outcome = try_item(known, wish, moment(shared()))
        known, said = outcome.state, [*said, *outcome.says]

    assert [(one.outcome, one.turn) for one in said] == [
        (TRY.outcome, 1),
        (TrialOutcome.FAILED, 2),
        (TRY.outcome, 3),
    ]


@BOTH
def test_an_author_may_not_react_to_their_own_item(step: Any, wish: Any) -> None:
    with pytest.raises(Refused, match="your own item") as refused:
        step(None, wish.model_copy(update={"proof": MINE}), moment(shared()))

    assert refused.value.status == 403


@BOTH
def test_an_author_behind_a_pseudonym_may_not_either(step: Any, wish: Any) -> None:
    with pytest.raises(Refused, match="your own item"):
        step(None, wish.model_copy(update={"proof": MINE}), moment(shared(author=hidden_author())))


@BOTH
def test_nobody_reacts_to_what_is_not_there(step: Any, wish: Any) -> None:
    with pytest.raises(Refused, match="no such item") as refused:
        step(None, wish, moment(None))

    assert refused.value.status == 404


@BOTH
def test_nobody_reacts_to_a_withdrawn_item(step: Any, wish: Any) -> None:
    with pytest.raises(Refused, match="withdrawn") as refused:
        step(None, wish, moment(shared(withdrawn=True)))

    assert refused.value.status == 410


def test_a_person_has_one_reaction_of_each_kind_to_an_item() -> None:
    assert by_person(ENDORSE) == by_person(TRY) == "item-1:ben"
