"""Step 9: whom a version goes to is written down once, and each department gets it once."""

from services.spread.domain.feed import Matched, Recipient
from services.spread.events import to_recipient
from services.spread.steps.deliver_entry import MOST_REASONS, deliver_entry, match_entry
from services.spread.storage import match_id
from shared.flow.step import Outcome, unchanged
from tests.support.builders import (
    LATER,
    delivered,
    delivery,
    hidden_author,
    moment,
    published,
    subscription,
)

SALES = Recipient(department="sales", subscriptions=("s-1",), because=("follows finance",))


def matched(*recipients: Recipient) -> Matched:
    return Matched(entry_id="item-1", version=1, recipients=recipients)


def test_an_entry_goes_to_the_departments_whose_subscriptions_match() -> None:
    found = (subscription("s-2", "support"), subscription())

    outcome = match_entry(None, published(), moment(found))

    support = SALES.model_copy(update={"department": "support", "subscriptions": ("s-2",)})
    assert outcome == Outcome(matched(SALES, support))


def test_a_department_gets_an_entry_once_by_all_its_subscriptions_and_hears_every_reason() -> None:
    found = (subscription("s-2", kinds=("prompt",)), subscription("s-3"), subscription("s-1"))

    outcome = match_entry(None, published(), moment(found))

    assert outcome.state is not None
    [sales] = outcome.state.recipients
    assert sales.subscriptions == ("s-1", "s-2", "s-3")
    assert sales.because == ("follows finance", "follows finance, kind prompt")


def test_of_very_many_reasons_some_are_told_and_the_others_counted() -> None:
    found = tuple(subscription(f"s-{n:02}", query=f"word{n:02}") for n in range(MOST_REASONS + 3))

    outcome = match_entry(None, published(), moment(found))

    assert outcome.state is not None
    [sales] = outcome.state.recipients
    assert len(sales.subscriptions) == MOST_REASONS + 3
    assert sales.because[0] == "follows finance, text “word00”"
    assert sales.because[MOST_REASONS:] == ("3 more reasons",)


def test_an_entry_that_nobody_follows_goes_to_nobody() -> None:
    assert match_entry(None, published(), moment(())) == Outcome(matched())


def test_later_subscriptions_no_longer_count() -> None:
    assert match_entry(matched(), published(), moment((subscription(),))) == unchanged(matched())


def test_a_delivery_is_kept_and_said_with_why_it_came() -> None:
    outcome = deliver_entry(None, published(), moment(SALES, at=LATER))

    assert outcome == Outcome(delivery(), says=(delivered(),))


def test_a_delivery_shows_a_hidden_author_by_pseudonym() -> None:
    outcome = deliver_entry(None, published(author=hidden_author()), moment(SALES, at=LATER))

    assert outcome.state == delivery(author="Amber Heron 42")


def test_a_version_is_delivered_once() -> None:
    assert deliver_entry(delivery(), published(), moment(SALES)) == unchanged(delivery())


def test_each_version_is_a_delivery_of_its_own_for_each_department() -> None:
    assert to_recipient(published(), SALES) == "item-1:1:sales"
    assert match_id(published(version=2)) == "item-1:2"


def test_a_feed_is_in_order_by_department_and_followed_by_item() -> None:
    assert (delivered().key, delivered().subject) == ("sales", "item-1")
