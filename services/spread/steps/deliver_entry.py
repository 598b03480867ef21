"""Step 9: an entry is matched with the subscriptions, and delivered to each department that follows it.

Hears   EntryPublished and EntryRevised, from codify
Says    EntryDelivered
Next    services/spread/steps/report_adoption.py
"""

from collections.abc import Sequence

from services.spread.domain.feed import Delivery, Matched, Recipient
from services.spread.domain.subscription import Subscription
from shared.contracts.codify import Entry
from shared.contracts.spread import EntryDelivered
from shared.flow.step import Moment, Outcome, unchanged


def match_entry(
    matched: Matched | None, heard: Entry, moment: Moment[Sequence[Subscription]]
) -> Outcome[Matched]:
    """Write down once whom this version goes to; hearing it again, later subscriptions no longer count."""
    if matched:
        return unchanged(matched)
    departments = sorted({subscription.department for subscription in moment.given})
    recipients = tuple(_recipient(department, heard, moment.given) for department in departments)
    return Outcome(Matched(entry_id=heard.entry_id, version=heard.version, recipients=recipients))


def _recipient(department: str, heard: Entry, subscriptions: Sequence[Subscription]) -> Recipient:
    own = sorted(
        (one for one in subscriptions if one.department == department), key=lambda one: one.subscription_id
    )
    because = tuple(sorted({one.wanted.reason(heard.content) for one in own}))
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
