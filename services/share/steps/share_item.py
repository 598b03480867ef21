"""Step 2: a captured item reaches the communities that care about its topics.

Hears   ItemCaptured, from discover
Says    ItemShared
Next    services/share/steps/react.py
"""

from collections.abc import Sequence

from services.share.domain.community import Community
from services.share.domain.shared_item import SharedItem
from shared.contracts.discover import ItemCaptured
from shared.contracts.share import ItemShared
from shared.flow.step import Moment, Outcome, unchanged


def share_item(
    item: SharedItem | None, heard: ItemCaptured, moment: Moment[Sequence[Community]]
) -> Outcome[SharedItem]:
    """Open the item to its communities; hearing it twice, or after a later version, changes nothing."""
    if item and item.version >= heard.version:
        return unchanged(item)
    shared = SharedItem(
        item_id=heard.item_id,
        version=heard.version,
        content=heard.content,
        content_sha256=heard.content_sha256,
        author=heard.author,
        communities=communities_for(heard.content.topics, moment.given),
        rejected=item.rejected if item else 0,
    )
    said = ItemShared(item_id=shared.item_id, version=shared.version, communities=shared.communities)
    return Outcome(shared, says=(said,))


def communities_for(topics: tuple[str, ...], communities: Sequence[Community]) -> tuple[str, ...]:
    """The names of the communities that care about these topics."""
    return tuple(sorted(community.name for community in communities if community.cares_about(topics)))
