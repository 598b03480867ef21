"""Step 5: a nominated item comes before the curators of its topics.

Hears   ItemNominated, from share
Says    ReviewOpened
Next    services/codify/steps/decide_review.py
"""

from services.codify.domain.review import Review, TakenBack
from shared.contracts.codify import ReviewOpened
from shared.contracts.share import ItemNominated
from shared.flow.step import Moment, Outcome, unchanged


def open_review(
    review: Review | None, heard: ItemNominated, moment: Moment[TakenBack | None]
) -> Outcome[Review]:
    """Open a review of the item; hearing it twice, after a later version or after its end, changes nothing."""
    later = (review, moment.given)
    if any(known and known.version >= heard.version for known in later):
        return unchanged(review)
    opened = Review(
        item_id=heard.item_id,
        version=heard.version,
        content=heard.content,
        content_sha256=heard.content_sha256,
        author=heard.author,
        evidence=heard.evidence,
        opened_at=moment.now,
        decisions=review.decisions if review else (),
    )
    return Outcome(opened, says=(opened_for(opened),))


def opened_for(review: Review) -> ReviewOpened:
    """The announcement that this version waits for a curator."""
    return ReviewOpened(item_id=review.item_id, version=review.version, content_sha256=review.content_sha256)
