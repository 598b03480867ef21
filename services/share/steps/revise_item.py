"""An amended item reaches whoever has it.

Hears   ItemAmended, from discover
Says    ItemRevised
Next    services/codify/steps/renew_review.py
"""

from collections.abc import Sequence

from services.share.domain.community import Community
from services.share.domain.shared_item import SharedItem
from services.share.steps.share_item import communities_for
from shared.contracts.discover import ItemAmended
from shared.contracts.share import ItemRevised
from shared.flow.step import Moment, Outcome, unchanged


def revise_item(
    item: SharedItem | None, heard: ItemAmended, moment: Moment[Sequence[Community]]
) -> Outcome[SharedItem]:
    """Take over the new version; hearing it twice, or an older one, changes nothing."""
    if item and item.version >= heard.version:
        return unchanged(item)
    known = item or SharedItem(**dict(heard))
    revised = known.model_copy(
        update={
            "version": heard.version,
            "content": heard.content,
            "content_sha256": heard.content_sha256,
            "communities": communities_for(heard.content.topics, moment.given),
        }
    )
    said = ItemRevised(
        item_id=revised.item_id,
        version=revised.version,
        content=revised.content,
        content_sha256=revised.content_sha256,
    )
    return Outcome(revised, says=(said,))
