"""What spread hears and is asked, and which step each of it goes to."""

from services.spread.collections import DELIVERIES, ENTRIES, MATCHES, REPORTS, SUBSCRIPTIONS
from services.spread.domain.feed import Recipient
from services.spread.steps.deliver_entry import deliver_entry, match_entry
from services.spread.steps.index_entry import index_entry, retire_entry
from services.spread.steps.report_adoption import ReportAdoption, report_adoption
from services.spread.steps.subscribe import (
    ChangeSubscription,
    Subscribe,
    Unsubscribe,
    change_subscription,
    subscribe,
    unsubscribe,
)
from services.spread.storage import SpreadStorage, match_id
from shared.contracts.codify import Entry, EntryPublished, EntryRetired, EntryRevised
from shared.flow.step import On


def by_entry(said: Entry | EntryRetired) -> str:
    """One document for each entry."""
    return said.entry_id


def by_subscription(wish: Subscribe | ChangeSubscription | Unsubscribe) -> str:
    """One document for each subscription."""
    return wish.subscription_id


def to_recipient(said: Entry, recipient: Recipient) -> str:
    """One delivery for each version and department."""
    return f"{match_id(said)}:{recipient.department}"


VERSIONS = (EntryPublished, EntryRevised)
"""Each of these says a new version of an entry."""

ROWS = (
    On(Subscribe, subscribe, into=SUBSCRIPTIONS, key=by_subscription),
    On(ChangeSubscription, change_subscription, into=SUBSCRIPTIONS, key=by_subscription),
    On(Unsubscribe, unsubscribe, into=SUBSCRIPTIONS, key=by_subscription),
    On(EntryPublished, index_entry, into=ENTRIES, key=by_entry, creates=True),
    On(EntryRevised, index_entry, into=ENTRIES, key=by_entry),
    On(EntryRetired, retire_entry, into=ENTRIES, key=by_entry),
    *(
        On(event, match_entry, into=MATCHES, key=match_id, given=SpreadStorage.matching, creates=True)
        for event in VERSIONS
    ),
    *(
        On(
            event,
            deliver_entry,
            into=DELIVERIES,
            given=SpreadStorage.recipients,
            each=to_recipient,
            creates=True,
        )
        for event in VERSIONS
    ),
    On(
        ReportAdoption,
        report_adoption,
        into=REPORTS,
        key=lambda wish: wish.adoption_id,
        given=SpreadStorage.entry_of,
        creates=True,
    ),
)
