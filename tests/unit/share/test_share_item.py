"""Step 2 and its followers: an item reaches the communities, is revised, and leaves them."""

import pytest

from services.share.domain.community import CommunityKind
from services.share.steps.revise_item import revise_item
from services.share.steps.share_item import communities_for, share_item
from services.share.steps.take_back_item import take_back_item
from shared.contracts.discover import ItemWithdrawn
from shared.contracts.share import ItemShared
from shared.flow.step import unchanged
from tests.support.builders import (
    OTHER_SHA,
    amended,
    captured,
    community,
    content,
    hidden_author,
    moment,
    revised,
    shared,
    taken_back,
)

FINANCE = moment((community(), community("Sales", topics=("sales",))))
NOBODY = moment(())
WITHDRAWN = ItemWithdrawn(item_id="item-1", version=2)


def test_a_captured_item_is_open_to_the_communities_that_care() -> None:
    outcome = share_item(None, captured(), FINANCE)

    assert outcome.state == shared(communities=("Finance",))
    assert outcome.says == (ItemShared(item_id="item-1", version=1, communities=("Finance",)),)


def test_an_item_that_no_community_cares_about_is_shared_all_the_same() -> None:
    outcome = share_item(None, captured(), NOBODY)

    assert outcome.says == (ItemShared(item_id="item-1", version=1, communities=()),)


def test_a_pseudonym_stays_one() -> None:
    outcome = share_item(None, captured(author=hidden_author()), NOBODY)

    assert outcome.state == shared(author=hidden_author())


@pytest.mark.parametrize("version", [1, 2])
def test_a_capture_heard_again_or_after_a_later_version_changes_nothing(version: int) -> None:
    known = shared(version=version, nominated=True)

    assert share_item(known, captured(), FINANCE) == unchanged(known)


def test_an_item_captured_anew_after_it_was_withdrawn_begins_anew() -> None:
    gone = shared(version=2, withdrawn=True)

    assert share_item(gone, captured(version=3), NOBODY).state == shared(version=3)


@pytest.mark.parametrize(
    ("topics", "cared"),
    [
        (("finance",), True),
        (("finance/tax",), True),
        (("sales", "finance/tax/vat"), True),
        (("finances",), False),
        (("sales/finance",), False),
        ((), False),
    ],
)
def test_a_topic_takes_in_those_under_it(topics: tuple[str, ...], cared: bool) -> None:
    assert community().cares_about(topics) is cared


@pytest.mark.parametrize("topics", [(), ("anything",)])
def test_a_company_wide_community_cares_about_everything(topics: tuple[str, ...]) -> None:
    assert community(kind=CommunityKind.COMPANY_WIDE, topics=()).cares_about(topics)


def test_communities_are_named_in_order() -> None:
    found = communities_for(("finance",), (community("Zebra"), community("Accounts")))

    assert found == ("Accounts", "Zebra")


def test_an_amended_item_takes_its_new_content_to_the_communities_of_its_new_topics() -> None:
    better = content(topics=("sales",))

    outcome = revise_item(shared(communities=("Finance",)), amended(content=better), FINANCE)

    expected = shared(version=2, content=better, content_sha256=OTHER_SHA, communities=("Sales",))
    assert outcome.state == expected
    assert outcome.says == (revised(content=better),)


def test_an_amended_item_stays_nominated() -> None:
    outcome = revise_item(shared(nominated=True), amended(), NOBODY)

    assert outcome.state == shared(version=2, content_sha256=OTHER_SHA, nominated=True)


def test_an_amendment_whose_capture_was_never_heard_is_taken_over() -> None:
    outcome = revise_item(None, amended(), NOBODY)

    assert outcome.state == shared(version=2, content_sha256=OTHER_SHA)
    assert outcome.says == (revised(),)


@pytest.mark.parametrize("version", [2, 3])
def test_a_stale_amendment_changes_nothing(version: int) -> None:
    known = shared(version=version)

    assert revise_item(known, amended(), FINANCE) == unchanged(known)


def test_a_withdrawn_item_leaves_the_communities() -> None:
    outcome = take_back_item(shared(nominated=True), WITHDRAWN, moment())

    assert outcome.state == shared(version=2, withdrawn=True, nominated=False)
    assert outcome.says == (taken_back(),)


@pytest.mark.parametrize("version", [2, 3])
def test_a_withdrawal_heard_again_or_after_a_later_version_changes_nothing(version: int) -> None:
    known = shared(version=version)

    assert take_back_item(known, WITHDRAWN, moment()) == unchanged(known)


def test_an_item_that_is_heard_of_after_its_end_stays_withdrawn() -> None:
    gone = take_back_item(None, WITHDRAWN, moment()).state

    assert gone
    assert gone.withdrawn
    assert share_item(gone, captured(), FINANCE) == unchanged(gone)


def test_an_item_that_is_captured_anew_after_its_end_is_shared_as_it_is_now() -> None:
    gone = take_back_item(None, WITHDRAWN, moment()).state

    again = share_item(gone, captured(version=3), NOBODY).state

    assert again == shared(version=3)
