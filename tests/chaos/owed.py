"""What must have come of each item by itself once all is quiet: an event that was lost for good is missed by nobody else."""

from collections.abc import Mapping
from typing import Any

from tests.chaos.seen import Seen

ENOUGH = 2
"""Two colleagues' words put an item forward (what the README promises)."""

PUBLISHING = frozenset({"approve", "merge"})


def owed(seen: Seen, item_id: str) -> str:
    """What did not come of the item, as the end of a sentence; empty where nothing is missing."""
    shared, review = (seen.documents("share", "items").get(item_id), seen.review(item_id))
    if shared is None:
        return "was never shared"
    if not shared["state"]["nominated"]:
        return "is vouched for and not put forward" if _vouched(seen, item_id, shared["state"]) else ""
    if review is None:
        return "is put forward and not under review"
    return _not_published(seen, review["state"])


def _vouched(seen: Seen, item_id: str, shared: Mapping[str, Any]) -> bool:
    counting = [one for one in seen.endorsements.get(item_id, ()) if one["version"] > shared["rejected"]]
    return len(counting) >= ENOUGH


def _not_published(seen: Seen, review: Mapping[str, Any]) -> str:
    for one in review["decisions"]:
        if one["verdict"] in PUBLISHING and one["decision_id"] not in seen.publishing:
            return f"was to be published by {one['decision_id']}, and was not"
    return ""
