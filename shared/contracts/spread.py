"""What spread says: an entry reached a department, and what came of it there."""

from datetime import datetime

from shared.contracts.base import Author, Kind, Said, TrialOutcome, Who

FEEDS = "knowhow.spread.feeds.v1"
ADOPTIONS = "knowhow.spread.adoptions.v1"


class EntryDelivered(Said):
    """An entry's version is in a department's feed, and why."""

    topic = FEEDS
    department: str
    entry_id: str
    item_id: str
    item_version: int
    version: int
    kind: Kind
    title: str
    topics: tuple[str, ...]
    because: tuple[str, ...]
    delivered_at: datetime

    @property
    def key(self) -> str:
        """A feed is ordered by department."""
        return self.department


class AdoptionReported(Said):
    """A department tried an entry; what it learnt starts the next round, as the item `learned_as`."""

    topic = ADOPTIONS
    adoption_id: str
    entry_id: str
    item_id: str
    item_version: int
    version: int
    department: str
    outcome: TrialOutcome
    who: Who
    title: str
    topics: tuple[str, ...]
    note: str | None = None
    learned: str | None = None
    learned_as: str | None = None
    learned_by: Author | None = None

    @property
    def key(self) -> str:
        """Adoptions are ordered by entry."""
        return self.entry_id
