"""An author changes an item: whose wish counts, and which version it is about."""

import pytest

from services.discover.domain.item import Changes, Stage
from services.discover.shown import WishedChanges
from services.discover.steps.amend_item import MOST_VERSIONS, AmendItem, amend_item
from shared.fingerprint import content_sha256
from shared.flow.step import Refused, unchanged
from tests.support.builders import LATER, MINE, amended, content, hidden_author, item, moment

BETTER = content(body="Say it in one plain sentence.")
BETTER_SHA = content_sha256(BETTER)
WISH = AmendItem(item_id="item-1", proof=MINE, version=1, changes=Changes(body=BETTER.body))


def test_an_amended_item_is_the_next_version_and_starts_its_way_again() -> None:
    outcome = amend_item(item(stage="approved"), WISH, moment(at=LATER))

    changed = {"version": 2, "content": BETTER, "content_sha256": BETTER_SHA, "since": LATER}
    assert outcome.state == item(stage="captured", **changed)
    assert outcome.says == (amended(content=BETTER, content_sha256=BETTER_SHA),)


def test_what_is_left_out_of_a_change_stays() -> None:
    known = item(content=content(tools=("chat assistant",), model="any"))
    wish = WISH.model_copy(update={"changes": WishedChanges.model_validate({"title": "Plainer"}).changes()})

    outcome = amend_item(known, wish, moment())

    assert outcome.state
    assert outcome.state.content == known.content.model_copy(update={"title": "Plainer"})


def test_an_empty_list_in_a_change_takes_all_of_it_away() -> None:
    known = item(content=content(tools=("chat assistant",)))
    wish = WISH.model_copy(update={"changes": WishedChanges.model_validate({"tools": []}).changes()})

    outcome = amend_item(known, wish, moment())

    assert outcome.state
    assert outcome.state.content.tools == ()


def test_amending_keeps_the_pseudonym() -> None:
    outcome = amend_item(item(author=hidden_author()), WISH, moment())

    assert outcome.says == (amended(content=BETTER, content_sha256=BETTER_SHA, author=hidden_author()),)


def test_sending_what_an_item_says_already_changes_nothing() -> None:
    known = item(version=2, content=BETTER)

    assert amend_item(known, WISH, moment()) == unchanged(known)


def test_nobody_else_amends_an_item() -> None:
    with pytest.raises(Refused, match="Only its author") as refused:
        amend_item(item(), WISH.model_copy(update={"proof": "ben's"}), moment())

    assert refused.value.status == 403


def test_there_is_nothing_to_amend_where_nothing_was_captured() -> None:
    with pytest.raises(Refused, match="no such item") as refused:
        amend_item(None, WISH, moment())

    assert refused.value.status == 404


@pytest.mark.parametrize("read", [1, 3])
def test_an_amendment_to_another_version_than_the_present_one_is_stale(read: int) -> None:
    with pytest.raises(Refused, match="read it again") as refused:
        amend_item(item(version=2), WISH.model_copy(update={"version": read}), moment())

    assert refused.value.status == 412


def test_a_withdrawn_item_is_not_amended() -> None:
    with pytest.raises(Refused, match="withdrawn"):
        amend_item(item(stage=Stage.WITHDRAWN), WISH, moment())


def test_an_item_has_a_bounded_number_of_versions() -> None:
    last = MOST_VERSIONS - 1
    assert amend_item(item(version=last), WISH.model_copy(update={"version": last}), moment()).says

    with pytest.raises(Refused, match="thirty times"):
        amend_item(item(version=MOST_VERSIONS), WISH.model_copy(update={"version": MOST_VERSIONS}), moment())
