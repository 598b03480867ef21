"""Step 7: an approved item becomes an entry's next version in the library.

Hears   ItemApproved and ItemMerged, from codify itself
Says    EntryPublished for a first version, EntryRevised for a further one
Next    services/spread/steps/index_entry.py
"""

from typing import Any

from services.codify.domain.entry import LONGEST_BODY, MOST_VERSIONS, LibraryEntry
from services.codify.domain.review import Review, ReviewState
from shared.contracts.base import Content
from shared.contracts.codify import EntryPublished, EntryRevised, ItemApproved, ItemMerged
from shared.fingerprint import content_sha256
from shared.flow.step import Moment, Outcome, Refused, unchanged


def publish_entry(
    entry: LibraryEntry | None, heard: ItemApproved, moment: Moment[Review | None]
) -> Outcome[LibraryEntry]:
    """Make the item the entry's next version; hearing it twice, after a later one or its withdrawal, changes nothing.

    Raises:
        Refused: the entry has too many versions already.
    """
    if (entry and entry.item_version >= heard.version) or _withdrawn(moment.given, heard):
        return unchanged(entry)
    item = {"item_id": heard.item_id, "item_version": heard.version, "author": heard.author}
    said = {"content": heard.content, "content_sha256": heard.content_sha256}
    return _next_version(entry, heard, item | said, moment)


def merge_item(
    entry: LibraryEntry | None, heard: ItemMerged, moment: Moment[Review | None]
) -> Outcome[LibraryEntry]:
    """Add what the item says to the entry, as its next version; the entry stays that of its own item and author.

    Hearing it twice, or after the item's author withdrew it, changes nothing.

    Raises:
        Refused: the entry is gone or retired, too long, or has too many versions already.
    """
    if entry is None:
        raise Refused("There is no such entry to merge into.", 404)
    if entry.holds(heard.decision_id) or _withdrawn(moment.given, heard):
        return unchanged(entry)
    if entry.retired is not None:
        raise Refused("The entry is no longer in use; approve the item as an entry of its own.")
    own = {name: getattr(entry, name) for name in ("item_id", "item_version", "author")}
    content = _merged(entry.content, heard.content)
    said = {"content": content, "content_sha256": content_sha256(content)}
    return _next_version(entry, heard, own | said, moment)


def _withdrawn(review: Review | None, heard: ItemApproved) -> bool:
    return review is not None and review.state is ReviewState.CLOSED and review.version > heard.version


def _merged(entry: Content, item: Content) -> Content:
    body = f"{entry.body.rstrip()}\n\n## {item.title}\n\n{item.body}"
    if len(body) > LONGEST_BODY:
        raise Refused("The entry would grow beyond 256 KB; approve the item as an entry of its own.")
    topics = tuple(sorted({*entry.topics, *item.topics}))
    return entry.model_copy(update={"body": body, "topics": topics})


def _next_version(
    entry: LibraryEntry | None, heard: ItemApproved, item: dict[str, object], moment: Moment[Any]
) -> Outcome[LibraryEntry]:
    if entry and entry.version >= MOST_VERSIONS:
        raise Refused("The entry has fifty versions; publish the item as an entry of its own.")
    revised = LibraryEntry.model_validate(
        item
        | {
            "entry_id": moment.id,
            "version": entry.version + 1 if entry else 1,
            "approved_by": heard.by,
            "evidence": heard.evidence,
            "published_at": moment.now,
            "decisions": (*(entry.decisions if entry else ()), heard.decision_id),
        }
    )
    says = EntryRevised if entry else EntryPublished
    return Outcome(revised, says=(says.model_validate(dict(revised)),))
