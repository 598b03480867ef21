"""Step 7: an approved or merged item becomes an entry's next version, and versions only rise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codify.domain.entry import MOST_VERSIONS
from services.codify.shown import ShownEntry
from services.codify.steps.close_review import RetireEntry, close_review, retire_entry, retire_withdrawn
from services.codify.steps.publish_entry import merge_item, publish_entry
from shared.contracts.codify import EntryRevised
from shared.fingerprint import content_sha256
from shared.flow.step import Refused, unchanged
from tests.support.builders import (
    LATER,
    OTHER_SHA,
    approved,
    author,
    content,
    curator,
    hidden_author,
    library_entry,
    merged,
    moment,
    published,
    retired,
    review,
    taken_back,
    who,
)

AGAIN = approved(version=2, decision_id="d-2", content=content(body="Better."), content_sha256=OTHER_SHA)
RETIRE = RetireEntry(entry_id="item-1", by="cora", reason="Outdated.")
BY_CORA = moment(curator("cora"))


def revised(**changes: Any) -> EntryRevised:
    return EntryRevised.model_validate(dict(published(**changes)))


def test_an_approved_item_becomes_an_entrys_first_version() -> None:
    outcome = publish_entry(None, approved(), moment())

    assert outcome.state == library_entry()
    assert outcome.says == (published(),)


def test_an_approved_amendment_becomes_the_next_version() -> None:
    outcome = publish_entry(library_entry(), AGAIN, moment(at=LATER))

    changed = {"item_version": 2, "version": 2, "content": AGAIN.content, "content_sha256": OTHER_SHA}
    assert outcome.state == library_entry(**changed, published_at=LATER, decisions=("d-1", "d-2"))
    assert outcome.says == (revised(**changed, published_at=LATER),)


def test_an_approval_heard_again_changes_nothing() -> None:
    known = library_entry(version=7, decisions=("d-1", "d-2"))

    assert publish_entry(known, approved(), moment(at=LATER)) == unchanged(known)


def test_a_hidden_author_is_published_by_pseudonym() -> None:
    outcome = publish_entry(None, approved(author=hidden_author()), moment())

    assert outcome.says == (published(author=hidden_author()),)


def test_a_retired_entry_may_be_published_again() -> None:
    known = library_entry(version=2, retired="Outdated.")

    outcome = publish_entry(known, AGAIN, moment())

    assert outcome.state is not None
    assert (outcome.state.version, outcome.state.retired) == (3, None)


def test_an_older_approval_that_is_heard_late_changes_nothing() -> None:
    known = library_entry(item_version=3, version=2, decisions=("d-3",))

    assert publish_entry(known, AGAIN, moment()) == unchanged(known)


def test_nothing_is_merged_into_an_entry_that_is_retired() -> None:
    with pytest.raises(Refused, match="no longer in use"):
        merge_item(library_entry(version=2, retired="Outdated."), merged(), moment())


def test_an_entry_has_a_bounded_number_of_versions() -> None:
    with pytest.raises(Refused, match="fifty versions"):
        publish_entry(library_entry(version=MOST_VERSIONS), AGAIN, moment())


@given(st.lists(st.sampled_from(["approve", "merge", "retire", "withdraw"]), max_size=12))
def test_versions_only_rise_and_each_is_said_once(story: list[str]) -> None:
    entry, said = library_entry(), []
    for number, act in enumerate(story, start=2):
        if act == "merge" and entry.retired is not None:
            continue
        entry, news = acted(entry, act, number)
        said += [one.version for one in news]

    assert said == list(range(2, entry.version + 1))


def acted(entry: Any, act: str, number: int) -> tuple[Any, Any]:
    decision = f"d-{number}"
    steps: dict[str, Any] = {
        "approve": lambda: publish_entry(entry, approved(version=number, decision_id=decision), moment()),
        "merge": lambda: merge_item(entry, merged(decision_id=decision), moment()),
        "retire": lambda: retire_entry(entry, RETIRE, BY_CORA),
        "withdraw": lambda: retire_withdrawn(entry, taken_back(version=number), moment()),
    }
    outcome = steps[act]()
    return outcome.state, outcome.says


def test_a_merged_item_adds_what_it_says_under_the_entrys_own_title_and_author() -> None:
    other = content(title="Shorter", body="Say it briefly.", topics=("sales",))

    outcome = merge_item(library_entry(), merged(content=other), moment())

    assert outcome.state is not None
    assert outcome.state.content.title == "Plain words"
    assert outcome.state.content.body == "Say it plainly.\n\n## Shorter\n\nSay it briefly."
    assert outcome.state.content.topics == ("finance/tax", "sales")
    assert (outcome.state.author, outcome.state.approved_by) == (author(), who("cora"))
    assert [(type(one), one.version) for one in outcome.says] == [(EntryRevised, 2)]  # type: ignore[attr-defined]


def test_a_merge_heard_again_changes_nothing() -> None:
    known = merge_item(library_entry(), merged(), moment()).state

    assert merge_item(known, merged(), moment(at=LATER)) == unchanged(known)


def test_nothing_is_merged_into_an_entry_that_is_not_there() -> None:
    with pytest.raises(Refused, match="no such entry"):
        merge_item(None, merged(), moment())


def test_a_merged_entry_has_the_digest_of_what_it_says() -> None:
    entry = merge_item(library_entry(), merged(), moment()).state

    assert entry is not None
    assert entry.content_sha256 == content_sha256(entry.content)


def test_merging_does_not_outgrow_a_document() -> None:
    large = content(body="x" * 250_000)
    entry = merge_item(library_entry(), merged(content=large), moment()).state

    with pytest.raises(Refused, match="grow"):
        merge_item(entry, merged(decision_id="d-3", content=large), moment())


def test_two_curators_decisions_of_one_number_are_two_versions() -> None:
    entry = publish_entry(None, approved(decision_id="cora/item-1/1"), moment()).state

    assert publish_entry(entry, approved(version=2, decision_id="fin/item-1/1", by=who("fin")), moment()).says


def test_the_entry_of_a_withdrawn_item_is_retired() -> None:
    outcome = retire_withdrawn(library_entry(), taken_back(), moment())

    assert outcome.state == library_entry(version=2, retired="Its author has withdrawn it.")
    assert [type(one).__name__ for one in outcome.says] == ["EntryRetired"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_withdrawal_from_before_the_published_version_changes_nothing(version: int) -> None:
    known = library_entry(item_version=version)

    assert retire_withdrawn(known, taken_back(), moment()) == unchanged(known)


def test_an_item_without_an_entry_has_nothing_to_retire() -> None:
    assert retire_withdrawn(None, taken_back(), moment()) == unchanged(None)


def test_an_entry_is_retired_with_its_own_item_after_a_merge_too() -> None:
    entry = merge_item(library_entry(), merged(version=5), moment()).state

    assert retire_withdrawn(entry, taken_back(version=2), moment()).says


def test_an_item_withdrawn_between_approval_and_publication_is_not_published() -> None:
    entry = retire_withdrawn(None, taken_back(version=2), moment()).state
    closed = close_review(review(state="approved"), taken_back(version=2), moment()).state

    assert not publish_entry(entry, approved(version=1), moment(closed)).says


def test_a_curator_retires_an_entry() -> None:
    outcome = retire_entry(library_entry(), RETIRE, BY_CORA)

    assert outcome.state == library_entry(version=2, retired="Outdated.")
    assert outcome.says == (retired(),)


def test_retiring_again_keeps_the_first_reason() -> None:
    known = library_entry(version=2, retired="Outdated.")
    other = RETIRE.model_copy(update={"reason": "Wrong."})

    assert retire_entry(known, other, BY_CORA) == unchanged(known)
    assert retire_withdrawn(known, taken_back(), moment()) == unchanged(known)


@pytest.mark.parametrize("given_", [None, curator("cora", "sales"), curator("cora", removed=True)])
def test_nobody_retires_an_entry_over_which_they_have_no_say(given_: Any) -> None:
    with pytest.raises(Refused, match="no say") as refused:
        retire_entry(library_entry(), RETIRE, moment(given_))

    assert refused.value.status == 403


def test_there_is_no_retiring_what_is_not_in_the_library() -> None:
    with pytest.raises(Refused, match="no such entry") as refused:
        retire_entry(None, RETIRE, BY_CORA)

    assert refused.value.status == 404


def test_a_retired_entry_is_shown_in_the_version_that_there_is_to_read() -> None:
    assert ShownEntry.of(library_entry(version=2)).version == 2
    assert ShownEntry.of(library_entry(version=2, retired="Outdated.")).version == 1
