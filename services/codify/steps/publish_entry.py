"""Step 7: an approved item becomes an entry's next version in the library.

Hears   ItemApproved and ItemMerged, from codify itself
Says    EntryPublished for a first version, EntryRevised for a further one
Next    services/spread/steps/index_entry.py
"""

from services.codify.domain.entry import MOST_VERSIONS, LibraryEntry
from shared.contracts.codify import EntryPublished, EntryRevised, ItemApproved, ItemMerged
from shared.flow.step import Moment, Outcome, Refused, unchanged


def publish_entry(entry: LibraryEntry | None, heard: ItemApproved, moment: Moment) -> Outcome[LibraryEntry]:
    """Make the item the entry's next version, also of a retired one; hearing it twice changes nothing.

    Raises:
        Refused: the entry has too many versions already.
    """
    if entry and entry.holds(heard.decision_id):
        return unchanged(entry)
    if entry and entry.version >= MOST_VERSIONS:
        raise Refused("The entry has fifty versions; publish the item as an entry of its own.")
    revised = LibraryEntry(
        entry_id=moment.id,
        item_id=heard.item_id,
        item_version=heard.version,
        version=entry.version + 1 if entry else 1,
        content=heard.content,
        content_sha256=heard.content_sha256,
        author=heard.author,
        approved_by=heard.by,
        evidence=heard.evidence,
        published_at=moment.now,
        decisions=(*(entry.decisions if entry else ()), heard.decision_id),
    )
    says = EntryRevised if entry else EntryPublished
    return Outcome(revised, says=(says.model_validate(dict(revised)),))


def merge_item(entry: LibraryEntry | None, heard: ItemMerged, moment: Moment) -> Outcome[LibraryEntry]:
    """Add what the item says to the entry, as its next version under the entry's own title; twice changes nothing.

    Raises:
        Refused: the entry is gone, or has too many versions already.
    """
    if entry is None:
        raise Refused("There is no such entry to merge into.", 404)
    added = f"{entry.content.body.rstrip()}\n\n## {heard.content.title}\n\n{heard.content.body}"
    topics = tuple(sorted({*entry.content.topics, *heard.content.topics}))
    content = entry.content.model_copy(update={"body": added, "topics": topics})
    return publish_entry(entry, heard.model_copy(update={"content": content, "author": entry.author}), moment)
