"""I4 and I5 turn red for who got what they should not, and for an index that says something else."""

from typing import Any

import pytest

from shared.contracts.codify import EntryRetired
from tests.chaos.finding import Finding
from tests.chaos.history import Act, Outcome
from tests.chaos.oracle_spread import delivered_as_followed, index_is_the_library
from tests.support.chaos_evidence import CONTENT, act, document, entry, evidence, published

WISH = {"department": "finance-1", "topics": ["finance"]}
DECIDED, SEEN = 10.0, 20.0
BEFORE, UNDER_WAY, AFTER = 5.0, 15.0, 25.0


def subscribed(sent: float, **more: Any) -> Act:
    return act("subscribe", "finance-1", "admin", sent, **{"wish": WISH, "answer": {"id": "s1"}} | more)


def unsubscribed(sent: float) -> Act:
    return act("unsubscribe", "s1", "admin", sent)


def judged(*acts: Act, reached: bool, seen: bool = True, **other: Any) -> Finding:
    state = {
        "entry_id": "item-1",
        "version": 1,
        "department": "finance-1",
        "content": CONTENT.model_dump(mode="json"),
        "subscriptions": ["s1"] if reached else [],
    } | other
    documents = {
        ("codify", "entries"): [entry(published())],
        ("spread", "deliveries"): [document("item-1:1:finance-1", state)],
    }
    delivered = {("item-1", 1): SEEN} if seen else {}
    decision = act("decide", "item-1", "otto", DECIDED)
    return delivered_as_followed(evidence(documents, decision, *acts, delivered=delivered))


def test_who_followed_before_the_decision_must_have_it() -> None:
    assert judged(subscribed(BEFORE), reached=True).holds
    assert not judged(subscribed(BEFORE), reached=False).holds


def test_who_came_after_the_delivery_must_not_have_it() -> None:
    assert judged(subscribed(AFTER), reached=False).holds
    assert not judged(subscribed(AFTER), reached=True).holds


def test_who_left_after_the_delivery_must_have_it() -> None:
    assert judged(subscribed(BEFORE), unsubscribed(AFTER), reached=True).holds
    assert not judged(subscribed(BEFORE), unsubscribed(AFTER), reached=False).holds


def test_who_left_before_the_decision_must_not_have_it() -> None:
    assert not judged(subscribed(1.0), unsubscribed(BEFORE), reached=True).holds


@pytest.mark.parametrize("reached", [True, False])
def test_who_came_or_left_meanwhile_may_go_either_way(*, reached: bool) -> None:
    assert judged(subscribed(UNDER_WAY), reached=reached).holds
    assert judged(subscribed(BEFORE), unsubscribed(UNDER_WAY), reached=reached).holds
    assert judged(subscribed(AFTER), reached=reached, seen=False).holds


def test_who_asks_again_for_what_was_never_answered_may_have_followed_since_then() -> None:
    unanswered = subscribed(BEFORE, outcome=Outcome.UNKNOWN, answer={})

    assert judged(unanswered, subscribed(AFTER), reached=True).holds


@pytest.mark.parametrize(
    "other", [{"department": "sales"}, {"content": CONTENT.model_dump(mode="json") | {"body": "Old."}}]
)
def test_what_reached_another_feed_or_says_something_else_is_seen(other: dict[str, Any]) -> None:
    assert not judged(subscribed(BEFORE), reached=True, **other).holds


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.UNKNOWN])
def test_a_subscription_that_nobody_asked_for_is_seen(outcome: Outcome) -> None:
    stored = {"subscription_id": "s2", "department": "sales", "wanted": {"topics": ["sales"]}}
    documents = {
        ("codify", "entries"): [entry(published())],
        ("spread", "subscriptions"): [document("s2", stored)],
    }
    wished = subscribed(BEFORE, outcome=outcome)

    found = delivered_as_followed(evidence(documents, act("decide", "item-1", "otto", 1.0), wished))

    assert found.holds == (outcome is Outcome.UNKNOWN)


INDEXED = {
    "title": CONTENT.title,
    "opening": CONTENT.body,
    "body": CONTENT.body,
    "kind": "prompt",
    "own_topics": ["finance/tax"],
    "topics": ["finance", "finance/tax"],
    "version": 1,
    "retired": False,
    "published_at": published().published_at.isoformat(),
}


def indexed(*said: EntryRetired, **changes: Any) -> Finding:
    library = {("codify", "entries"): [document("item-1", {}, published(), *said)]}
    return index_is_the_library(evidence(library, index={"item-1": INDEXED | changes}))


def test_an_index_of_what_was_announced_holds() -> None:
    assert indexed().holds


@pytest.mark.parametrize(
    "changes", [{"title": "Other"}, {"body": "n1"}, {"own_topics": []}, {"version": 2}, {"kind": "trick"}]
)
def test_an_index_that_says_something_else_is_seen(changes: dict[str, Any]) -> None:
    assert not indexed(**changes).holds


def test_a_retired_entry_is_retired_in_the_index_too() -> None:
    gone = EntryRetired(entry_id="item-1", item_id="item-1", item_version=1, version=2, reason="Old.")

    assert indexed(gone, version=2, retired=True).holds
    assert not indexed(gone).holds
