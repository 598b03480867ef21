"""Departments say what they follow.

Hears   Subscribe, ChangeSubscription and Unsubscribe, from spread's own API
Says    nothing
Next    services/spread/steps/deliver_entry.py, which sends what matches
"""

from pydantic import BaseModel

from services.spread.domain.subscription import Changes, Subscription, Wanted
from shared.contracts.base import Who
from shared.flow.step import Moment, Outcome, Refused, unchanged


class Subscribe(BaseModel):
    """The wish to follow something."""

    subscription_id: str
    department: str
    wanted: Wanted
    by: Who


class ChangeSubscription(BaseModel):
    """The wish to follow something else from now on."""

    subscription_id: str
    changes: Changes


class Unsubscribe(BaseModel):
    """The wish to follow it no longer."""

    subscription_id: str


def subscribe(subscription: Subscription | None, heard: Subscribe, moment: Moment) -> Outcome[Subscription]:
    """Follow what is wanted; asking again under the same id changes nothing."""
    return Outcome(subscription or Subscription(**dict(heard), created_at=moment.now))


def change_subscription(
    subscription: Subscription | None, heard: ChangeSubscription, _: Moment
) -> Outcome[Subscription]:
    """Follow something else; what was delivered stays.

    Raises:
        Refused: there is no such subscription.
    """
    known = present(subscription)
    return Outcome(known.model_copy(update={"wanted": heard.changes.applied(known.wanted)}))


def unsubscribe(subscription: Subscription | None, _: Unsubscribe, __: Moment) -> Outcome[Subscription]:
    """Follow it no longer; doing it again changes nothing.

    Raises:
        Refused: there never was such a subscription.
    """
    if subscription and subscription.removed:
        return unchanged(subscription)
    return Outcome(present(subscription).model_copy(update={"removed": True}))


def present(subscription: Subscription | None) -> Subscription:
    """The subscription, if there is one.

    Raises:
        Refused: there is none.
    """
    if subscription is None or subscription.removed:
        raise Refused("There is no such subscription; `knowhow subscriptions` lists them.", 404)
    return subscription
