"""A curator's decisions about reviews, and what became of each, whichever way they travel."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.cli import show
from shared.cli.stop import Stop


class Verdict(StrEnum):
    """What a curator may decide, as one types it."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request-changes"
    REJECT = "reject"
    MERGE = "merge"

    @property
    def wire(self) -> str:
        """The word that services use."""
        return self.value.replace("-", "_")


@dataclass(frozen=True)
class Wish:
    """One decision about the version and content that the review showed."""

    review: dict[str, Any]
    verdict: Verdict
    reason: str
    into: str | None
    jti: str

    @property
    def item_id(self) -> str:
        """The item that it is about."""
        return str(self.review["item_id"])

    def body(self) -> dict[str, Any]:
        """The decision as both the API and the signature name it."""
        said = {"decision": self.verdict.wire, "reason": self.reason, "version": self.review["version"]}
        said |= {"content_sha256": self.review["content_sha256"]}
        return said | ({"into": self.into} if self.into else {})


def same_again(sub: str, review: dict[str, Any], *said: str | None) -> str:
    """The id of one of many decisions: deciding the same again, after an interruption, gives the same id."""
    about = (sub, review["item_id"], review["version"], review["content_sha256"], *said)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(about)))


@dataclass
class Decided:
    """What became of the decisions so far; `moved` is called after each."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    moved: Callable[[str], object] = str

    def sent(self, wish: Wish, event_id: str) -> None:
        """The decision is on its way."""
        self._note(wish, outcome="sent", event_id=event_id)

    def refused(self, wish: Wish, stop: Stop) -> None:
        """The house would not take it."""
        self._note(wish, outcome="refused", detail=str(stop), errors=stop.problem.get("errors") or [])

    @property
    def any_refused(self) -> bool:
        """True where the house would not take one of them."""
        return any(row["outcome"] == "refused" for row in self.rows)

    def tell(self, of: int, *, as_json: bool) -> None:
        """Say what became of each, or for people how many and which were refused."""
        show.listing(self.rows, {}, as_json=True) if as_json else self._tell_people()
        if left := of - len(self.rows):
            show.note(f"{left} of {of} are not decided; run the same again to go on.")

    def _tell_people(self) -> None:
        refused = [row for row in self.rows if row["outcome"] == "refused"]
        if refused:
            show.listing(refused, REFUSED, as_json=False)
        show.say(
            f"{len(self.rows) - len(refused):,} decisions are on their way, {len(refused):,} were refused."
        )

    def _note(self, wish: Wish, **outcome: Any) -> None:
        self.rows.append({"item_id": wish.item_id, "title": wish.review["title"], **outcome})
        self.moved("")


REFUSED: show.Columns = {
    "id": lambda row: row["item_id"],
    "title": lambda row: row["title"],
    "refused because": lambda row: row["detail"],
}
