"""What a review is: one item before its curators, from the nomination to the decision, and again when it is amended."""

from datetime import datetime
from enum import StrEnum

from shared.contracts.base import Author, Content, Contract, Who
from shared.contracts.codify import Verdict
from shared.contracts.share import Evidence


class ReviewState(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    MERGED = "merged"
    REJECTED = "rejected"
    CLOSED = "closed"


AFTER: dict[Verdict, ReviewState] = {
    Verdict.APPROVE: ReviewState.APPROVED,
    Verdict.REQUEST_CHANGES: ReviewState.CHANGES_REQUESTED,
    Verdict.REJECT: ReviewState.REJECTED,
    Verdict.MERGE: ReviewState.MERGED,
}


class Decision(Contract):
    """A decision that counted."""

    decision_id: str
    version: int
    verdict: Verdict
    reason: str
    by: Who
    at: datetime
    into: str | None = None


class Review(Contract):
    """An item under review; `content` and `version` are what a decision must be about."""

    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author
    evidence: Evidence
    opened_at: datetime
    state: ReviewState = ReviewState.OPEN
    decisions: tuple[Decision, ...] = ()


class TakenBack(Contract):
    """An item that its author withdrew; `version` counts the withdrawal."""

    item_id: str
    version: int


class Curator(Contract):
    """Somebody with the say over some topics; "" stands for all of them. `own_keys` are their public JWKs."""

    person: Who
    topics: tuple[str, ...]
    own_keys: tuple[str, ...] = ()
    removed: bool = False

    def has_the_say(self, topics: tuple[str, ...]) -> bool:
        """True where every one of an item's topics is theirs; an item without topics is any curator's."""
        return not self.removed and all(self._covers(topic) for topic in topics)

    def _covers(self, topic: str) -> bool:
        return any(own in {"", topic} or topic.startswith(f"{own}/") for own in self.topics)
