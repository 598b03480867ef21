"""What codify says and hears about decisions, reviews and the library's entries."""

from datetime import datetime
from enum import StrEnum

from shared.contracts.base import Author, Content, Said, Who
from shared.contracts.share import Evidence

DECISIONS = "knowhow.codify.decisions.v1"
REVIEWS = "knowhow.codify.reviews.v1"
ENTRIES = "knowhow.codify.entries.v1"


class Verdict(StrEnum):
    """What a curator may decide."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    MERGE = "merge"


class DecideReview(Said):
    """A curator's decision: a compact JWS (RFC 7515, Ed25519) over what shared/identity/signatures.py names."""

    topic = DECISIONS
    item_id: str
    jws: str


class ReviewOpened(Said):
    """A nominated item waits for a curator; `version` and hash are what the decision must name."""

    topic = REVIEWS
    item_id: str
    version: int
    content_sha256: str


class DecisionRefused(Said):
    """A decision arrived that must not count: kept for those who audit."""

    topic = REVIEWS
    item_id: str
    sub: str | None
    why: str


class Decided(Said):
    """What all decisions that counted have in common."""

    topic = REVIEWS
    item_id: str
    version: int
    by: Who
    reason: str
    decision_id: str


class ChangesRequested(Decided):
    """The curator asks the author for something first."""


class ItemRejected(Decided):
    """The item does not enter the library."""


class ItemApproved(Decided):
    """The item enters the library as it was read."""

    content: Content
    content_sha256: str
    author: Author
    evidence: Evidence


class ItemMerged(ItemApproved):
    """The item becomes part of an entry that is there already."""

    into: str


class Entry(Said):
    """One immutable version of a library entry, whole."""

    topic = ENTRIES
    entry_id: str
    item_id: str
    item_version: int
    version: int
    content: Content
    content_sha256: str
    author: Author
    approved_by: Who
    evidence: Evidence
    published_at: datetime

    @property
    def key(self) -> str:
        """Entries are ordered by entry."""
        return self.entry_id


class EntryPublished(Entry):
    """A new entry is in the library."""


class EntryRevised(Entry):
    """An entry has a further version."""


class EntryRetired(Said):
    """An entry is no longer recommended; `version` counts on."""

    topic = ENTRIES
    entry_id: str
    item_id: str
    item_version: int
    version: int
    reason: str

    @property
    def key(self) -> str:
        """Entries are ordered by entry."""
        return self.entry_id
