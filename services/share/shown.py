"""What share's API takes and shows."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from services.share.domain.community import Community, CommunityKind
from services.share.domain.shared_item import Reactions, SharedItem
from shared.contracts.base import Attribution, Kind, TopicName, TrialOutcome
from shared.contracts.share import Evidence
from shared.storage.document import Document
from shared.web.text import Line, Note


class Endorsing(BaseModel):
    """Vouch for an item, with a word why if you like."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"comment": "Saved me an hour."}]}
    )

    comment: Note | None = None


class Trying(BaseModel):
    """What came of trying an item."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"outcome": "worked"}]})

    outcome: TrialOutcome
    note: Note | None = None


class Nominating(BaseModel):
    """Put an item forward for the library."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Every team needs this."}]}
    )

    reason: Note | None = None


class Founding(BaseModel):
    """A new community."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    topics: Annotated[list[TopicName], Field(max_length=20)] = []
    kind: CommunityKind = CommunityKind.TOPIC_FOCUSED


class ShownSharedItem(BaseModel):
    """An item as the communities have it."""

    id: str
    version: int
    kind: Kind
    title: str
    body: str
    topics: list[str]
    attribution: Attribution
    author: str
    communities: list[str]
    nominated: bool

    @classmethod
    def of(cls, document: Document[SharedItem]) -> Self:
        """The item of a document."""
        item = document.known
        said = {"kind": item.content.kind, "title": item.content.title, "body": item.content.body}
        kept = item.model_dump(include={"version", "communities", "nominated"})
        whose = {"attribution": item.author.attribution, "author": item.author.name}
        return cls(id=item.item_id, topics=list(item.content.topics), **said, **kept, **whose)


class ShownSharedItemWhole(ShownSharedItem):
    """An item with what people said of it."""

    evidence: Evidence
    comments: list[str]
    notes: list[str]

    @classmethod
    def with_reactions(cls, document: Document[SharedItem], reactions: Reactions) -> Self:
        """The item of a document, and its reactions."""
        comments = [one.comment for one in reactions.endorsements if one.comment]
        notes = [one.note for one in reactions.trials if one.note]
        evidence = reactions.since(document.known.rejected).evidence()
        shown = ShownSharedItem.of(document).model_dump()
        return cls(**shown, evidence=evidence, comments=comments, notes=notes)


class Vouched(BaseModel):
    """A reaction was stored; `changed` is false where it had been made before."""

    item_id: str
    changed: bool


class ShownCommunity(BaseModel):
    """A community and how many are in it."""

    id: str
    name: str
    kind: CommunityKind
    topics: list[str]
    members: int

    @classmethod
    def of(cls, community: Community, members: int) -> Self:
        """The community with its number of members."""
        return cls(
            id=community.community_id,
            name=community.name,
            kind=community.kind,
            topics=list(community.topics),
            members=members,
        )
