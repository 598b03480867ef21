"""An author takes an item back, wherever it is by now.

Hears   WithdrawItem, from discover's own API
Says    ItemWithdrawn
Next    services/share/steps/take_back_item.py
"""

from pydantic import BaseModel

from services.discover.domain.item import Item, Stage
from services.discover.steps.amend_item import owned
from shared.contracts.discover import ItemWithdrawn
from shared.flow.step import Moment, Outcome, unchanged


class WithdrawItem(BaseModel):
    """The wish to take an item back; `proof` tells whether it is the author's."""

    item_id: str
    proof: str


def withdraw_item(item: Item | None, heard: WithdrawItem, moment: Moment) -> Outcome[Item]:
    """Take the item back; doing it again changes nothing.

    Raises:
        Refused: there is no such item, or somebody else wrote it.
    """
    known = owned(item, heard.proof)
    if known.stage is Stage.WITHDRAWN:
        return unchanged(known)
    gone = known.model_copy(
        update={"stage": Stage.WITHDRAWN, "since": moment.now, "version": known.version + 1}
    )
    return Outcome(gone, says=(ItemWithdrawn(item_id=gone.item_id, version=gone.version),))
