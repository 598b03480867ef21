"""Where spread keeps what it knows."""

from services.spread.domain.feed import Delivery, Matched, Report, SpreadEntry
from services.spread.domain.subscription import Subscription
from shared.storage.document import Collection

SUBSCRIPTIONS = Collection("subscriptions", Subscription, indexes=("state.wanted.topics", "state.department"))
ENTRIES = Collection("entries", SpreadEntry)
MATCHES = Collection("matches", Matched)
DELIVERIES = Collection("deliveries", Delivery, indexes=("state.department,state.delivered_at",))
REPORTS = Collection("reports", Report)
