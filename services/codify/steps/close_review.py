"""A withdrawn item leaves the review, and the library if it was there.

Hears   ItemTakenBack, from share; RetireEntry, from codify's own API
Says    EntryRetired, where there was an entry
Next    services/spread/steps/index_entry.py
"""

from pydantic import BaseModel

from services.codify.domain.entry import LibraryEntry
from services.codify.domain.review import Curator, Review, ReviewState, TakenBack
from shared.contracts.codify import EntryRetired
from shared.contracts.share import ItemTakenBack
from shared.flow.step import Moment, Outcome, Refused, unchanged


class RetireEntry(BaseModel):
    """A curator's wish to take an entry out of use."""

    entry_id: str
    by: str
    reason: str


def note_taken_back(known: TakenBack | None, heard: ItemTakenBack, _: Moment) -> Outcome[TakenBack]:
    """Remember it, also where there is no review yet; hearing it twice, or after a later one, changes nothing."""
    if known and known.version >= heard.version:
        return unchanged(known)
    return Outcome(TakenBack(item_id=heard.item_id, version=heard.version))


def close_review(review: Review | None, heard: ItemTakenBack, _: Moment) -> Outcome[Review]:
    """Close the review; hearing it twice changes nothing."""
    if review is None or review.version >= heard.version:
        return unchanged(review)
    return Outcome(review.model_copy(update={"version": heard.version, "state": ReviewState.CLOSED}))


def retire_withdrawn(entry: LibraryEntry | None, heard: ItemTakenBack, _: Moment) -> Outcome[LibraryEntry]:
    """Retire the entry that the item became; a later version of the item is left alone."""
    if entry is None or entry.item_version >= heard.version:
        return unchanged(entry)
    return retired(entry, "Its author has withdrawn it.")


def retire_entry(
    entry: LibraryEntry | None, heard: RetireEntry, moment: Moment[Curator | None]
) -> Outcome[LibraryEntry]:
    """Retire an entry on a curator's word; retiring it again changes nothing.

    Raises:
        Refused: there is no such entry, or the curator has no say over its topics.
    """
    if entry is None:
        raise Refused("There is no such entry; `knowhow search` finds those there are.", 404)
    if moment.given is None or not moment.given.has_the_say(entry.content.topics):
        raise Refused("You have no say over this entry's topics; `knowhow curators list` tells who has.", 403)
    return retired(entry, heard.reason)


def retired(entry: LibraryEntry, reason: str) -> Outcome[LibraryEntry]:
    """The entry out of use; once retired it keeps its first reason."""
    if entry.retired is not None:
        return unchanged(entry)
    gone = entry.model_copy(update={"version": entry.version + 1, "retired": reason})
    said = EntryRetired(
        entry_id=gone.entry_id,
        item_id=gone.item_id,
        item_version=gone.item_version,
        version=gone.version,
        reason=reason,
    )
    return Outcome(gone, says=(said,))
