"""What spread's API takes and shows."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from services.spread.domain.subscription import Changes, Subscription, Wanted
from services.spread.index import MOST_WORDS
from shared.contracts.base import DEPARTMENT_PATTERN, Kind, TopicName, TrialOutcome
from shared.storage.document import Document
from shared.web.text import Line, Note, Text

DepartmentName = Annotated[str, Field(pattern=DEPARTMENT_PATTERN, max_length=60)]
EXAMPLE: dict[str, Any] = {"department": "finance", "topics": ["finance/invoicing"], "kinds": ["prompt"]}


class Wishing(BaseModel):
    """What to follow: any of the topics with those under them, any of the kinds (none: all), all words of the query."""

    model_config = ConfigDict(extra="forbid")

    topics: Annotated[list[TopicName], Field(min_length=1, max_length=50)]
    kinds: Annotated[list[Kind], Field(max_length=6)] = []
    query: Line | None = Field(default=None, description=f"Up to {MOST_WORDS} words count.")

    def wanted(self) -> Wanted:
        """What is followed, in order, each once."""
        return Wanted(
            topics=tuple(sorted(set(self.topics))), kinds=tuple(sorted(set(self.kinds))), query=self.query
        )


class Subscribing(Wishing):
    """What a department wishes to follow."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    department: DepartmentName


class Changing(BaseModel):
    """What to change of a subscription; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    topics: Annotated[list[TopicName], Field(min_length=1, max_length=50)] = []
    kinds: Annotated[list[Kind], Field(max_length=6)] = []
    query: Line | None = None

    def changes(self) -> Changes:
        """The fields that are not left out, in order, each once."""
        sent = self.model_dump(exclude_unset=True)
        return Changes.model_validate(
            {name: sorted(set(one)) if isinstance(one, list) else one for name, one in sent.items()}
        )


class ShownSubscription(BaseModel):
    """A department's subscription."""

    id: str
    department: str
    topics: list[str]
    kinds: list[Kind]
    query: str | None
    by: str
    created_at: datetime

    @classmethod
    def of(cls, document: Document[Subscription]) -> Self:
        """The subscription of a document."""
        return cls.shown(document.known)

    @classmethod
    def shown(cls, known: Subscription) -> Self:
        """The subscription as people see it."""
        wanted = known.wanted.model_dump(mode="json")
        kept = {"department": known.department, "by": known.by.name, "created_at": known.created_at}
        return cls(id=known.subscription_id, **wanted, **kept)


class Hit(BaseModel):
    """An entry that was found; `highlights` mark what fits with <em>."""

    entry_id: str
    version: int
    kind: Kind
    title: str
    topics: list[str]
    summary: str
    highlights: list[str]
    score: float

    @classmethod
    def of(cls, hit: dict[str, Any]) -> Self:
        """A hit of OpenSearch."""
        source = hit["_source"]
        marked = [fragment for fragments in hit.get("highlight", {}).values() for fragment in fragments]
        kept = {"version": source["version"], "kind": source["kind"], "title": source["title"]}
        shown = {"topics": source["own_topics"], "summary": source["opening"][:300], "highlights": marked}
        return cls(entry_id=hit["_id"], score=hit.get("_score") or 0.0, **kept, **shown)


class Found(BaseModel):
    """One page of what was found, how much there is in all, and how it divides."""

    items: list[Hit]
    total: int
    facets: dict[str, dict[str, int]]
    next: str | None = None


class Preview(BaseModel):
    """What a subscription would have brought in the last 90 days."""

    items: list[Hit]
    total: int


class Reporting(BaseModel):
    """What came of an entry in a department; `learned` becomes a new item."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"department": "sales", "outcome": "worked"}]}
    )

    department: DepartmentName
    outcome: TrialOutcome
    note: Note | None = None
    learned: Text | None = None


class Reported(BaseModel):
    """The report was stored; `learned_as` is the id of the new item, if something was learnt."""

    adoption_id: str
    learned_as: str | None


class Rebuilding(BaseModel):
    """How far a rebuild of the index has come."""

    running: bool
    done: int
    total: int
    error: str
