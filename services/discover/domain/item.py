"""What an item is to discover: what its author said, and how far it has come."""

from datetime import datetime
from enum import StrEnum

from shared.contracts.base import Author, Content, Contract, Kind


class Stage(StrEnum):
    """How far an item has come, in the order in which it goes round."""

    CAPTURED = "captured"
    SHARED = "shared"
    NOMINATED = "nominated"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    APPROVED = "approved"
    MERGED = "merged"
    PUBLISHED = "published"
    DELIVERED = "delivered"
    ADOPTED = "adopted"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"

    @property
    def rank(self) -> int:
        """The stage's place in the order."""
        return _RANKS[self]


_RANKS = {stage: rank for rank, stage in enumerate(Stage)}

WAITING_FOR: dict[Stage, str] = {
    Stage.CAPTURED: "the communities, which hear of it in a moment",
    Stage.SHARED: "two colleagues who vouch for it, or a champion or curator who nominates it",
    Stage.NOMINATED: "a curator of its topics",
    Stage.CHANGES_REQUESTED: "its author, who was asked for changes and makes them with `knowhow amend ITEM`",
    Stage.REJECTED: "nobody; amending it with `knowhow amend ITEM` opens the way to a new nomination",
    Stage.APPROVED: "the library, which publishes it in a moment",
    Stage.MERGED: "nobody; it is part of another entry now",
    Stage.PUBLISHED: "departments that follow its topics",
    Stage.DELIVERED: "the first department that reports what came of it",
    Stage.ADOPTED: "more departments that try it",
    Stage.RETIRED: "nobody; it is no longer recommended",
    Stage.WITHDRAWN: "nobody; its author took it back",
}


class Changes(Content):
    """What a content says from now on: the fields that were set; the others stay."""

    kind: Kind = Kind.QUESTION
    title: str = ""
    body: str = ""

    def applied(self, content: Content) -> Content:
        """The content with the changes."""
        return content.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Item(Contract):
    """An item as its author last said it, and the furthest stage that its version reached.

    `captured_with` is the digest of the idempotency key under which it was first captured.
    """

    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author
    captured_at: datetime
    follows: str | None = None
    captured_with: str | None = None
    stage: Stage = Stage.CAPTURED
    since: datetime

    @property
    def waiting_for(self) -> str:
        """Whom or what the item waits for now."""
        return WAITING_FOR[self.stage]

    def reached(self, version: int, stage: Stage, at: datetime) -> "Item":
        """The item at the further of two stages: news of an older version or an earlier stage changes nothing."""
        if version < self.version or stage.rank <= self.stage.rank:
            return self
        return self.model_copy(update={"stage": stage, "since": at})
