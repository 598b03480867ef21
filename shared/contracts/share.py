"""What share says: an item reached communities, people reacted, and it was put forward for the library."""

from shared.contracts.base import Author, Content, Contract, Said, TrialOutcome, Who

ITEMS = "knowhow.share.items.v1"
REACTIONS = "knowhow.share.reactions.v1"


class Evidence(Contract):
    """Who stands behind an item: distinct people other than its author."""

    endorsements: int = 0
    tries: int = 0
    worked: int = 0
    vouched_by: tuple[Who, ...] = ()
    nominated_by: Who | None = None
    reason: str | None = None


class ItemShared(Said):
    """An item is open to these communities."""

    topic = ITEMS
    item_id: str
    version: int
    communities: tuple[str, ...]


class ItemRevised(Said):
    """A shared item's content changed."""

    topic = ITEMS
    item_id: str
    version: int
    content: Content
    content_sha256: str


class ItemNominated(Said):
    """An item is put forward for the library, whole and with its evidence."""

    topic = ITEMS
    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author
    evidence: Evidence


class ItemTakenBack(Said):
    """A shared item was withdrawn by its author."""

    topic = ITEMS
    item_id: str
    version: int


class ItemEndorsed(Said):
    """Somebody other than the author vouches for an item in this version."""

    topic = REACTIONS
    item_id: str
    version: int = 1
    who: Who
    comment: str | None = None


class ItemTried(Said):
    """Somebody tried what an item says in this version; `turn` tells this person's tries of it apart."""

    topic = REACTIONS
    item_id: str
    version: int = 1
    who: Who
    outcome: TrialOutcome
    note: str | None = None
    turn: int = 1
