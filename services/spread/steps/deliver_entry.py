"""Step 9: an entry is matched with the subscriptions, and delivered to each department that follows it.

Hears   EntryPublished and EntryRevised, from codify
Says    EntryDelivered
Next    services/spread/steps/report_adoption.py
"""

from collections.abc import Sequence
from itertools import groupby

from services.spread.domain.feed import Delivery, Matched, Recipient
from services.spread.domain.subscription import Subscription
from shared.contracts.codify import Entry
from shared.contracts.spread import EntryDelivered
from shared.flow.step import Moment, Outcome, unchanged

MOST_REASONS = 20
"""Reasons that a delivery names: a department may have any number, and Kafka does not take an event of any size."""


def match_entry(
    matched: Matched | None, heard: Entry, moment: Moment[Sequence[Subscription]]
) -> Outcome[Matched]:
    """Write down once whom this version goes to; hearing it again, later subscriptions no longer count."""
    if matched:
        return unchanged(matched)
    by_id = sorted(moment.given, key=lambda one: one.subscription_id)
    groups = groupby(sorted(by_id, key=_department), _department)
    recipients = tuple(_recipient(department, heard, list(own)) for department, own in groups)
    return Outcome(Matched(entry_id=heard.entry_id, version=heard.version, recipients=recipients))


def _department(subscription: Subscription) -> str:
    return subscription.department


def _recipient(department: str, heard: Entry, own: Sequence[Subscription]) -> Recipient:
    reasons = sorted({one.wanted.reason(heard.content) for one in own})
    more = len(reasons) - MOST_REASONS
    because = (*reasons[:MOST_REASONS], *([f"{more} more reasons"] if more > 0 else ()))
    return Recipient(
        department=department, subscriptions=tuple(one.subscription_id for one in own), because=because
    )


def deliver_entry(delivery: Delivery | None, heard: Entry, moment: Moment[Recipient]) -> Outcome[Delivery]:
    """Put this version into a department's feed, once, and say why it came."""
    if delivery:
        return unchanged(delivery)
    recipient = moment.given
    kept = {
        name: getattr(heard, name) for name in ("entry_id", "item_id", "item_version", "version", "content")
    }
    delivered = Delivery(
        **kept,
        **dict(recipient),
        author=heard.author.name,
        published_at=heard.published_at,
        delivered_at=moment.now,
    )
    return Outcome(delivered, says=(_announced(delivered),))


def _announced(delivery: Delivery) -> EntryDelivered:
    content = {
        "kind": delivery.content.kind,
        "title": delivery.content.title,
        "topics": delivery.content.topics,
    }
    return EntryDelivered.model_validate(dict(delivery) | content)
