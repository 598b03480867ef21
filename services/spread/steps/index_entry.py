"""Step 8: a published entry enters spread's index, where everybody finds it.

Hears   EntryPublished, EntryRevised and EntryRetired, from codify
Says    nothing
Next    services/spread/steps/deliver_entry.py
"""

from services.spread.domain.feed import SpreadEntry
from shared.contracts.codify import Entry, EntryRetired
from shared.flow.step import Moment, Outcome, unchanged


def index_entry(entry: SpreadEntry | None, heard: Entry, _: Moment) -> Outcome[SpreadEntry]:
    """Take the entry over in this version; hearing it twice, or after a later version, changes nothing."""
    if entry and entry.version >= heard.version:
        return unchanged(entry)
    return Outcome(SpreadEntry.model_validate(dict(heard)))


def retire_entry(entry: SpreadEntry | None, heard: EntryRetired, _: Moment) -> Outcome[SpreadEntry]:
    """Mark the entry as retired: it is found and delivered no longer, but still known."""
    if entry is None or entry.version >= heard.version:
        return unchanged(entry)
    return Outcome(entry.model_copy(update={"version": heard.version, "retired": True}))
