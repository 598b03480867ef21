"""Discover hears what happens to its items everywhere, and can tell where each of them is.

Hears   every event of every service
Says    nothing
Next    services/discover/api.py, which shows it
"""

from services.discover.domain.item import Item
from services.discover.domain.journey import Note, doer, stage_of, tell
from shared.contracts.base import Said
from shared.flow.step import Moment, Outcome, unchanged


def follow_item(item: Item | None, heard: Said, moment: Moment) -> Outcome[Item]:
    """Move the item to the stage that it reached; older news, or the same again, moves nothing."""
    reached = stage_of(heard)
    if item is None or reached is None:
        return unchanged(item)
    version, stage = reached
    return Outcome(item.reached(version, stage, moment.said_at))


def note_event(note: Note | None, heard: Said, moment: Moment) -> Outcome[Note]:
    """Write down what happened, once."""
    if note:
        return unchanged(note)
    noted = Note(
        item_id=heard.subject,
        at=moment.said_at,
        service=heard.destination.split(".")[1],
        type=type(heard).__name__,
        what=tell(heard),
        who=doer(heard),
    )
    return Outcome(noted)
