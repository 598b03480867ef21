"""Measures how long know-how takes from one desk to every feed: only discover knows both ends of the way."""

from services.discover.storage import ITEMS, NOTES
from shared.contracts.spread import EntryDelivered
from shared.flow.fold import Job
from shared.observability.metrics import CAPTURE_TO_FEED, Metrics


def see_feeds(job: Job, metrics: Metrics) -> None:
    """Count the way of an item to a feed, the first time that this delivery is heard of."""
    if not isinstance(job.heard, EntryDelivered) or not job.changed_in(NOTES.name):
        return
    item = job.documents[ITEMS.name].state
    if item:
        took = job.heard.delivered_at - item.captured_at
        metrics.of(CAPTURE_TO_FEED).observe(max(0.0, took.total_seconds()))
