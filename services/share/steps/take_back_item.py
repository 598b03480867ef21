"""A withdrawn item leaves the communities.

Hears   ItemWithdrawn, from discover
Says    ItemTakenBack
Next    services/codify/steps/close_review.py
"""

from services.share.domain.shared_item import SharedItem, unheard
from shared.contracts.discover import ItemWithdrawn
from shared.contracts.share import ItemTakenBack
from shared.flow.step import Moment, Outcome, unchanged


def take_back_item(item: SharedItem | None, heard: ItemWithdrawn, _: Moment) -> Outcome[SharedItem]:
    """Take the item back, also before it is heard of; hearing it twice, or after it was captured anew, changes nothing."""
    if item and item.version >= heard.version:
        return unchanged(item)
    known = item or unheard(heard.item_id)
    gone = known.model_copy(update={"version": heard.version, "withdrawn": True, "nominated": False})
    return Outcome(gone, says=(ItemTakenBack(item_id=gone.item_id, version=gone.version),))
