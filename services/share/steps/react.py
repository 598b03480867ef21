"""Step 3: somebody endorses an item, or tries it and says what came of it.

Hears   EndorseItem and TryItem, from share's own API
Says    ItemEndorsed or ItemTried
Next    services/share/steps/nominate_item.py
"""

from pydantic import BaseModel

from services.share.domain.shared_item import Endorsement, SharedItem, Trial
from shared.contracts.base import TrialOutcome, Who
from shared.contracts.share import ItemEndorsed, ItemTried
from shared.flow.step import Moment, Outcome, Refused, unchanged


class Reaction(BaseModel):
    """Somebody's wish to react; `proof` would be the author's if this were the author."""

    item_id: str
    who: Who
    proof: str


class EndorseItem(Reaction):
    """The wish to vouch for an item."""

    comment: str | None = None


class TryItem(Reaction):
    """The wish to tell what came of trying an item."""

    outcome: TrialOutcome
    note: str | None = None


def endorse_item(
    endorsement: Endorsement | None, heard: EndorseItem, moment: Moment[SharedItem | None]
) -> Outcome[Endorsement]:
    """Vouch for the item as it is; doing it again changes nothing.

    Raises:
        Refused: there is no such item, it was withdrawn, or it is one's own.
    """
    item = others(moment.given, heard)
    if endorsement and endorsement.version >= item.version:
        return unchanged(endorsement)
    said = ItemEndorsed(item_id=heard.item_id, version=item.version, who=heard.who, comment=heard.comment)
    return Outcome(Endorsement(**dict(said)), says=(said,))


def try_item(trial: Trial | None, heard: TryItem, moment: Moment[SharedItem | None]) -> Outcome[Trial]:
    """Tell what came of it; a further try of another version, or with another outcome or note, takes the place of the first.

    Raises:
        Refused: there is no such item, it was withdrawn, or it is one's own.
    """
    item = others(moment.given, heard)
    tried = Trial(
        item_id=heard.item_id,
        version=item.version,
        who=heard.who,
        outcome=heard.outcome,
        note=heard.note,
        turn=trial.turn if trial else 1,
    )
    if trial == tried:
        return unchanged(trial)
    again = tried.model_copy(update={"turn": trial.turn + 1}) if trial else tried
    return Outcome(again, says=(ItemTried(**dict(again)),))


def others(item: SharedItem | None, heard: Reaction) -> SharedItem:
    """The item, if it is there and somebody else's.

    Raises:
        Refused: it is not.
    """
    known = present(item)
    if known.author.proof == heard.proof:
        raise Refused("This is your own item; what counts is what others say of it.", 403)
    return known


def present(item: SharedItem | None) -> SharedItem:
    """The item, if it is there.

    Raises:
        Refused: there is none, or it was withdrawn.
    """
    if item is None:
        raise Refused("There is no such item; `knowhow items` lists them.", 404)
    if item.withdrawn:
        raise Refused("Its author has withdrawn this item.", 410)
    return item
