"""Departments say what they follow."""

from typing import Any

import pytest

from services.spread.domain.subscription import Changes, Wanted
from services.spread.domain.topics import with_ancestors
from services.spread.steps.subscribe import (
    ChangeSubscription,
    Subscribe,
    Unsubscribe,
    change_subscription,
    present,
    subscribe,
    unsubscribe,
)
from shared.contracts.base import Kind
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import LATER, content, moment, subscription, who

SUBSCRIBE = Subscribe(
    subscription_id="s-1", department="sales", wanted=Wanted(topics=("finance",)), by=who("lea")
)
CHANGE = ChangeSubscription(subscription_id="s-1", changes=Changes(topics=("sales",)))
REMOVED = subscription().model_copy(update={"removed": True})


def test_a_department_follows_what_is_wanted_and_nothing_is_said() -> None:
    assert subscribe(None, SUBSCRIBE, moment()) == Outcome(subscription())


def test_subscribing_again_under_the_same_id_changes_nothing() -> None:
    known = subscription(topics=("sales",))

    assert subscribe(known, SUBSCRIBE, moment(at=LATER)) == unchanged(known)


def test_a_department_may_follow_something_else() -> None:
    outcome = change_subscription(subscription(), CHANGE, moment())

    assert outcome == Outcome(subscription(topics=("sales",)))
    assert change_subscription(outcome.state, CHANGE, moment()) == unchanged(outcome.state)


def test_what_two_people_change_at_once_is_both_changed() -> None:
    kinds = ChangeSubscription(subscription_id="s-1", changes=Changes(kinds=(Kind.PROMPT,)))

    state = change_subscription(
        change_subscription(subscription(), CHANGE, moment()).state, kinds, moment()
    ).state

    assert state == subscription(topics=("sales",), kinds=(Kind.PROMPT,))


def test_a_department_may_stop_following() -> None:
    wish = Unsubscribe(subscription_id="s-1")

    assert unsubscribe(subscription(), wish, moment()) == Outcome(REMOVED)
    assert unsubscribe(REMOVED, wish, moment()) == unchanged(REMOVED)


@pytest.mark.parametrize("known", [None, REMOVED])
def test_what_is_not_followed_is_not_changed(known: Any) -> None:
    with pytest.raises(Refused, match="no such subscription") as refused:
        change_subscription(known, CHANGE, moment())

    assert refused.value.status == 404


def test_there_is_no_end_to_what_never_began() -> None:
    with pytest.raises(Refused, match="no such subscription"):
        unsubscribe(None, Unsubscribe(subscription_id="s-1"), moment())


def test_a_subscription_that_is_there_is_present() -> None:
    assert present(subscription()) == subscription()


@pytest.mark.parametrize(
    ("topics", "all_of_them"),
    [
        ((), ()),
        (("finance",), ("finance",)),
        (("finance/tax/vat",), ("finance", "finance/tax", "finance/tax/vat")),
        (("sales", "finance/tax", "finance"), ("finance", "finance/tax", "sales")),
    ],
)
def test_a_topic_comes_with_all_that_take_it_in(
    topics: tuple[str, ...], all_of_them: tuple[str, ...]
) -> None:
    assert with_ancestors(topics) == all_of_them


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, True),
        ({"topics": ("finance/tax",)}, True),
        ({"topics": ("finance/tax/vat",)}, False),
        ({"topics": ("fin",)}, False),
        ({"topics": ("sales", "finance")}, True),
        ({"kinds": ("prompt",)}, True),
        ({"kinds": ("trick", "failure")}, False),
        ({"query": "words that are for the index to find"}, True),
    ],
)
def test_what_is_wanted_fits_by_topic_and_kind(wanted: Any, fits: bool) -> None:
    assert subscription(**wanted).wanted.fits(content()) is fits


def test_a_reason_names_topic_kind_and_text() -> None:
    wanted = Wanted(topics=("finance", "sales"), kinds=(Kind.USE_CASE,), query="VAT")

    assert wanted.reason(content(kind="use_case")) == "follows finance, kind use case, text “VAT”"
