"""What codify's API takes and shows."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from services.codify.domain.entry import LibraryEntry
from services.codify.domain.review import Curator, Decision, Review, ReviewState
from shared.contracts.base import TOPIC_PATTERN, Attribution, Kind, Variable
from shared.contracts.codify import Verdict
from shared.contracts.share import Evidence
from shared.storage.document import Document
from shared.web.text import Line, Note

EXAMPLE: dict[str, Any] = {
    "decision": "approve",
    "reason": "Clear, tested by two teams.",
    "version": 1,
    "content_sha256": "0" * 64,
}


class Deciding(BaseModel):
    """A decision about the version of an item that one has read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    decision: Verdict
    reason: Note
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    into: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class Accepted(BaseModel):
    """The decision is on its way; `event_id` names it."""

    event_id: str


class Retiring(BaseModel):
    """Why an entry should no longer be used."""

    model_config = ConfigDict(extra="forbid")

    reason: Note


class Appointing(BaseModel):
    """Over which topics somebody has the say ("" for all), and their public keys."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    topics: Annotated[
        list[Annotated[str, Field(pattern=f"^$|{TOPIC_PATTERN}", max_length=120)]], Field(max_length=100)
    ]
    keys: Annotated[list[dict[str, Any]], Field(max_length=10)] = []
    department: Line = "library"


class ShownReview(BaseModel):
    """A review, with what a decision about it must name."""

    item_id: str
    state: ReviewState
    version: int
    content_sha256: str
    title: str
    kind: Kind
    body: str
    topics: list[str]
    tools: list[str]
    variables: list[Variable]
    model: str | None
    sample_output: str | None
    expected: str | None
    origin: str | None
    attribution: Attribution
    author: str
    evidence: Evidence
    decisions: list[Decision]
    opened_at: datetime

    @classmethod
    def of(cls, document: Document[Review]) -> Self:
        """The review of a document."""
        review = document.known
        kept = review.model_dump(
            include={"item_id", "state", "version", "content_sha256", "opened_at", "evidence"}
        )
        whose = {"attribution": review.author.attribution, "author": review.author.name}
        return cls(decisions=list(review.decisions), **review.content.model_dump(), **kept, **whose)


class ShownEntry(BaseModel):
    """One version of a library entry."""

    entry_id: str
    item_id: str
    version: int
    kind: Kind
    title: str
    body: str
    topics: list[str]
    tools: list[str]
    variables: list[Variable]
    model: str | None
    sample_output: str | None
    expected: str | None
    origin: str | None
    author: str
    approved_by: str
    evidence: Evidence
    published_at: datetime
    retired: str | None = None

    @classmethod
    def of(cls, entry: LibraryEntry) -> Self:
        """The entry in this version."""
        kept = entry.model_dump(include={"entry_id", "item_id", "evidence", "published_at", "retired"})
        return cls(
            version=entry.published_version,
            author=entry.author.name,
            approved_by=entry.approved_by.name,
            **entry.content.model_dump(),
            **kept,
        )


class ShownEntryWhole(ShownEntry):
    """The newest version of an entry, its version numbers, and what departments reported."""

    versions: list[int]
    adoptions: dict[str, int]


class ShownCurator(BaseModel):
    """Who has the say over which topics, and the ids of their keys."""

    person: str
    name: str
    topics: list[str]
    keys: list[str]

    @classmethod
    def of(cls, curator: Curator, keys: list[str]) -> Self:
        """The curator, with the ids of their keys."""
        return cls(person=curator.person.id, name=curator.person.name, topics=list(curator.topics), keys=keys)
