"""Step 11: what a department learnt from an entry becomes a new item, and the next round begins.

Hears   AdoptionReported, from spread
Says    ItemCaptured
Next    services/share/steps/share_item.py
"""

from services.discover.domain.item import Item
from services.discover.steps.capture_item import announced
from shared.contracts.base import Content, Kind, TrialOutcome
from shared.contracts.spread import AdoptionReported
from shared.fingerprint import content_sha256
from shared.flow.step import Moment, Outcome, unchanged

KIND = {
    TrialOutcome.WORKED: Kind.USE_CASE,
    TrialOutcome.PARTLY: Kind.TRICK,
    TrialOutcome.FAILED: Kind.FAILURE,
}


def capture_learnt(item: Item | None, heard: AdoptionReported, moment: Moment) -> Outcome[Item]:
    """Capture the lesson as an item that follows the first; an adoption without a lesson, or heard again, adds nothing."""
    if item or not (heard.learned and heard.learned_as and heard.learned_by):
        return unchanged(item)
    title = f"What {heard.department} learnt from “{heard.title}”"[:300]
    content = Content(kind=KIND[heard.outcome], title=title, body=heard.learned, topics=heard.topics)
    learnt = Item(
        item_id=heard.learned_as,
        version=1,
        content=content,
        content_sha256=content_sha256(content),
        author=heard.learned_by,
        captured_at=moment.now,
        since=moment.now,
        follows=heard.item_id,
    )
    return Outcome(learnt, says=(announced(learnt),))
