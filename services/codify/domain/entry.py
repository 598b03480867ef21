"""What a library entry is: a curated item in immutable, numbered versions."""

from datetime import datetime

from shared.contracts.base import Author, Content, Contract, Who
from shared.contracts.share import Evidence

MOST_VERSIONS = 50
"""An entry keeps all its versions in one document, whose size the database bounds."""


LONGEST_BODY = 256 * 1024
"""Characters that an entry's body may grow to by merging."""


class LibraryEntry(Contract):
    """An entry in its newest version; `holds` lists the decisions that made its versions."""

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
    decisions: tuple[str, ...] = ()
    retired: str | None = None

    @property
    def published_version(self) -> int:
        """The last version that there is to read; retiring it counts on."""
        return self.version - 1 if self.retired is not None else self.version

    def holds(self, decision_id: str) -> bool:
        """True where a decision has made a version of this entry already."""
        return decision_id in self.decisions


class Adoption(Contract):
    """What a department reported about an entry."""

    entry_id: str
    department: str
    outcome: str
