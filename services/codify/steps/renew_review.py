"""An item under review was amended: what was read is stale, and the new version waits.

Hears   ItemRevised, from share
Says    ReviewOpened
Next    services/codify/steps/decide_review.py
"""

from services.codify.domain.review import Review, ReviewState
from services.codify.steps.open_review import opened_for
from shared.contracts.share import ItemRevised
from shared.flow.step import Moment, Outcome, unchanged

OVER = {ReviewState.REJECTED, ReviewState.CLOSED}
"""States that only a new nomination ends."""


def renew_review(review: Review | None, heard: ItemRevised, moment: Moment) -> Outcome[Review]:
    """Put the new version before the curators; a rejected or withdrawn item waits for a new nomination.

    A decision about the earlier version no longer counts. Hearing it twice changes nothing.
    """
    if review is None or review.version >= heard.version or review.state in OVER:
        return unchanged(review)
    renewed = review.model_copy(
        update={
            "version": heard.version,
            "content": heard.content,
            "content_sha256": heard.content_sha256,
            "state": ReviewState.OPEN,
            "opened_at": moment.now,
        }
    )
    return Outcome(renewed, says=(opened_for(renewed),))
