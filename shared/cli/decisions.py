"""A curator's decisions about reviews, the same whichever way they travel."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
