"""The immutable versions of an entry, which are what its document has announced."""

import json

from services.codify.domain.entry import LibraryEntry
from shared.contracts.codify import EntryPublished, EntryRevised
from shared.flow.step import Refused
from shared.storage.document import Document

VERSIONS = {EntryPublished.__name__, EntryRevised.__name__}


def _all(document: Document[LibraryEntry]) -> dict[int, LibraryEntry]:
    said = [json.loads(one["value"]) for one in document.history if one["type"] in VERSIONS]
    return {one["version"]: LibraryEntry.model_validate(one) for one in said}


def numbered(document: Document[LibraryEntry]) -> list[int]:
    """The numbers of the versions that were published."""
    return sorted(_all(document))


def version_of(document: Document[LibraryEntry], number: int) -> LibraryEntry:
    """One version, as it was published.

    Raises:
        Refused: there is no such version.
    """
    versions = _all(document)
    if number not in versions:
        raise Refused(f"This entry has the versions {', '.join(map(str, sorted(versions)))}.", 404)
    return versions[number]
