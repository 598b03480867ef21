"""An author changes an item; every stage that has it hears of the new version.

Hears   AmendItem, from discover's own API
Says    ItemAmended
Next    services/share/steps/revise_item.py
"""

from pydantic import BaseModel

from services.discover.domain.item import Changes, Item, Stage
from shared.contracts.discover import ItemAmended
from shared.fingerprint import content_sha256
from shared.flow.step import Moment, Outcome, Refused, unchanged

MOST_VERSIONS = 30
"""An item keeps all its versions in one document, whose size the database bounds."""


class AmendItem(BaseModel):
    """The wish to change an item of which one has read `version`; `proof` tells whether it is the author's."""

    item_id: str
    proof: str
    version: int
    changes: Changes


def amend_item(item: Item | None, heard: AmendItem, moment: Moment) -> Outcome[Item]:
    """Change the content to the item's next version; sending what it already says changes nothing.

    Raises:
        Refused: nobody but the author may; or it was withdrawn, changed meanwhile, or changed too often.
    """
    known = owned(item, heard.proof)
    content = heard.changes.applied(known.content)
    if known.content == content:
        return unchanged(known)
    if known.version != heard.version:
        raise Refused("The item has changed since you read it; read it again and repeat your change.", 412)
    if known.stage is Stage.WITHDRAWN:
        raise Refused("The item was withdrawn; capture it again instead.")
    if known.version >= MOST_VERSIONS:
        raise Refused("The item was changed thirty times; capture it as a new one.")
    about = {"version": known.version + 1, "stage": Stage.CAPTURED, "since": moment.now}
    said = {"content": content, "content_sha256": content_sha256(content)}
    amended = known.model_copy(update=about | said)
    return Outcome(amended, says=(_announced(amended),))


def _announced(item: Item) -> ItemAmended:
    return ItemAmended(
        item_id=item.item_id,
        version=item.version,
        content=item.content,
        content_sha256=item.content_sha256,
        author=item.author,
    )


def owned(item: Item | None, proof: str) -> Item:
    """The item, if the proof is its author's.

    Raises:
        Refused: there is no such item, or somebody else wrote it.
    """
    if item is None:
        raise Refused("There is no such item; `knowhow items` lists them.", 404)
    if item.author.proof != proof:
        raise Refused("Only its author may do this; endorse it or capture your own version instead.", 403)
    return item
