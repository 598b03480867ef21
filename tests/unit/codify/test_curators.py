"""Who has the say, which decisions are under way, and what departments report."""

import pytest

from services.codify.domain.entry import Adoption
from services.codify.domain.review import Curator
from services.codify.steps.appoint import AppointCurator, DismissCurator, appoint_curator, dismiss_curator
from services.codify.steps.ask_for_decision import Asked, AskForDecision, ask_for_decision
from services.codify.steps.note_adoption import note_adoption
from shared.contracts.codify import DecideReview
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import adoption, curator, moment, who

APPOINT = AppointCurator(person=who("cora"), topics=("finance",), own_keys=())
DISMISS = DismissCurator(person_id="cora")
ASK = AskForDecision(decision_id="d-1", item_id="item-1", jws="signed")


@pytest.mark.parametrize(
    "before", [None, curator("cora"), curator("cora", "sales"), curator("cora", removed=True)]
)
def test_a_curator_has_exactly_the_say_that_was_given_last(before: Curator | None) -> None:
    assert appoint_curator(before, APPOINT, moment()) == Outcome(curator("cora"))


def test_a_dismissed_curator_has_no_say() -> None:
    outcome = dismiss_curator(curator("cora", ""), DISMISS, moment())

    assert outcome.state is not None
    assert not outcome.state.has_the_say(())


def test_dismissing_again_changes_nothing() -> None:
    gone = curator("cora", removed=True)

    assert dismiss_curator(gone, DISMISS, moment()) == unchanged(gone)


def test_who_never_was_a_curator_is_not_dismissed() -> None:
    with pytest.raises(Refused, match="no curator") as refused:
        dismiss_curator(None, DISMISS, moment())

    assert refused.value.status == 404


def test_a_decision_is_put_onto_the_topic() -> None:
    outcome = ask_for_decision(None, ASK, moment())

    assert outcome == Outcome(Asked(item_id="item-1"), says=(DecideReview(item_id="item-1", jws="signed"),))


def test_a_decision_is_put_onto_the_topic_once() -> None:
    known = Asked(item_id="item-1")

    assert ask_for_decision(known, ASK, moment()) == unchanged(known)


def test_a_report_is_kept_with_its_entry() -> None:
    kept = Adoption(entry_id="item-1", department="sales", outcome="worked")

    assert note_adoption(None, adoption(), moment()) == Outcome(kept)
    assert note_adoption(kept, adoption(), moment()) == unchanged(kept)
