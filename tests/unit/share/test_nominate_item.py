"""Step 4: what counts is distinct people other than the author, or the word of a champion or curator."""

import pytest

from services.share.domain.shared_item import Reactions, SharedItem
from services.share.steps.nominate_item import (
    NominateItem,
    nominate_by_word,
    nominate_when_vouched,
    reopen_nominations,
)
from shared.contracts.base import TrialOutcome
from shared.contracts.share import Evidence, ItemEndorsed, ItemNominated, ItemTried
from shared.flow.step import Refused, unchanged
from tests.support.builders import (
    MINE,
    hidden_author,
    moment,
    nominated,
    reactions,
    rejected,
    shared,
    who,
)

ENDORSED = ItemEndorsed(item_id="item-1", who=who("ben"))
TRIED = ItemTried(item_id="item-1", who=who("ben"), outcome=TrialOutcome.WORKED)
WORD = NominateItem(item_id="item-1", who=who("cem"), proof="cem's", word_is_enough=True, reason="For all.")


def test_two_people_who_vouch_nominate_an_item() -> None:
    outcome = nominate_when_vouched(shared(), ENDORSED, moment(reactions("ben cem")))

    evidence = Evidence(endorsements=2, vouched_by=(who("ben"), who("cem")))
    assert outcome.state == shared(nominated=True)
    assert outcome.says == (nominated(evidence=evidence),)


@pytest.mark.parametrize(
    "vouching", [reactions("ben", cem="worked"), reactions("", ben="worked", cem="worked")]
)
def test_a_try_that_worked_counts_like_an_endorsement(vouching: Reactions) -> None:
    assert nominate_when_vouched(shared(), TRIED, moment(vouching)).says


@pytest.mark.parametrize(
    "vouching",
    [
        reactions(),
        reactions("ben"),
        reactions("ben", ben="worked"),
        reactions("ben ben"),
        reactions("ben", cem="partly"),
        reactions("ben", cem="failed"),
        reactions("", ben="worked"),
    ],
)
def test_fewer_than_two_distinct_people_nominate_nothing(vouching: Reactions) -> None:
    assert nominate_when_vouched(shared(), ENDORSED, moment(vouching)) == unchanged(shared())


def test_evidence_counts_everything_and_names_each_person_once() -> None:
    evidence = reactions("cem ben", ben="worked", dora="partly").evidence()

    counted = {"endorsements": 2, "tries": 2, "worked": 1}
    assert evidence == Evidence.model_validate(counted | {"vouched_by": (who("ben"), who("cem"))})


def test_a_nominated_item_is_not_nominated_again() -> None:
    known = shared(nominated=True)

    assert nominate_when_vouched(known, ENDORSED, moment(reactions("ben cem"))) == unchanged(known)
    assert nominate_by_word(known, WORD, moment(reactions())) == unchanged(known)


def test_a_withdrawn_item_is_not_nominated() -> None:
    gone = shared(withdrawn=True)

    assert nominate_when_vouched(gone, ENDORSED, moment(reactions("ben cem"))) == unchanged(gone)
    with pytest.raises(Refused, match="withdrawn"):
        nominate_by_word(gone, WORD, moment(reactions()))


def test_an_unknown_item_is_not_nominated() -> None:
    assert nominate_when_vouched(None, ENDORSED, moment(reactions("ben cem"))) == unchanged(None)
    with pytest.raises(Refused, match="no such item"):
        nominate_by_word(None, WORD, moment(reactions()))


def test_the_word_of_a_champion_or_curator_is_enough() -> None:
    outcome = nominate_by_word(shared(), WORD, moment(reactions("ben")))

    said = {"endorsements": 1, "vouched_by": (who("ben"),), "nominated_by": who("cem"), "reason": "For all."}
    assert outcome.state == shared(nominated=True)
    assert outcome.says == (nominated(evidence=Evidence.model_validate(said)),)


def test_anybody_elses_word_is_not_enough() -> None:
    wish = WORD.model_copy(update={"word_is_enough": False})

    with pytest.raises(Refused, match="champion or a curator") as refused:
        nominate_by_word(shared(), wish, moment(reactions("ben cem")))

    assert refused.value.status == 403


@pytest.mark.parametrize("item", [shared(), shared(author=hidden_author())])
def test_nobody_nominates_their_own_item(item: SharedItem) -> None:
    wish = WORD.model_copy(update={"proof": MINE})

    with pytest.raises(Refused, match="your own item"):
        nominate_by_word(item, wish, moment(reactions()))


def test_a_rejected_version_may_not_be_nominated_again() -> None:
    known = reopen_nominations(shared(nominated=True), rejected(), moment()).state

    assert known == shared(rejected=1)
    assert nominate_when_vouched(known, ENDORSED, moment(reactions("ben cem"))) == unchanged(known)
    with pytest.raises(Refused, match="rejected this version"):
        nominate_by_word(known, WORD, moment(reactions()))


def test_the_version_after_a_rejected_one_may() -> None:
    known = shared(version=2, rejected=1)

    assert nominate_when_vouched(known, ENDORSED, moment(reactions("ben cem", version=2))).says
    assert nominate_by_word(known, WORD, moment(reactions())).says


def test_nobodys_word_for_what_was_rejected_stands_for_what_became_of_it() -> None:
    known, before = shared(version=2, rejected=1), reactions("ben cem", dora="worked")

    assert nominate_when_vouched(known, ENDORSED, moment(before)) == unchanged(known)
    [said] = nominate_by_word(known, WORD, moment(before)).says
    assert isinstance(said, ItemNominated)
    assert said.evidence == Evidence(nominated_by=who("cem"), reason="For all.")


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_rejection_or_the_same_again_changes_nothing(version: int) -> None:
    known = shared(version=3, rejected=2, nominated=True)

    assert reopen_nominations(known, rejected(version), moment()) == unchanged(known)


def test_the_rejection_of_an_unknown_item_changes_nothing() -> None:
    assert reopen_nominations(None, rejected(), moment()) == unchanged(None)
