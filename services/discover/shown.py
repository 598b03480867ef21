"""What discover's API takes and shows."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.discover.domain.item import Changes, Item, Stage
from services.discover.domain.journey import Note, in_general
from shared.contracts.base import Attribution, Content, Kind, TopicName, Variable
from shared.identity.authorship import private_id
from shared.storage.document import Document
from shared.web.text import Line, Text, plain
from shared.web.text import Note as Remark

EXAMPLE: dict[str, Any] = {
    "kind": "prompt",
    "title": "Turn a meeting transcript into decisions and owners",
    "body": "From the transcript below, list each decision with its owner and date. ${transcript}",
    "topics": ["meetings/minutes"],
    "tools": ["chat assistant"],
}


class WishedVariable(BaseModel):
    """A blank in a prompt."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    default: Annotated[str, Field(max_length=4000), AfterValidator(plain)] | None = None
    description: Remark | None = None


class WishedContent(BaseModel):
    """What an item says; only the kind, the title and the body are required."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    kind: Kind
    title: Line
    body: Text
    topics: Annotated[list[TopicName], Field(max_length=20)] = []
    tools: Annotated[list[Line], Field(max_length=20)] = []
    variables: Annotated[list[WishedVariable], Field(max_length=100)] = []
    model: Line | None = None
    sample_output: Text | None = None
    expected: Text | None = None
    origin: Line | None = None

    def content(self) -> Content:
        """The content as it is kept: topics in order, each once."""
        said = self.model_dump(include=set(Content.model_fields))
        return Content.model_validate(said | {"topics": tuple(sorted(set(self.topics)))})


class WishedChanges(WishedContent):
    """What to change of an item; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": EXAMPLE["title"]}]})

    kind: Kind = Kind.QUESTION
    title: Line = ""
    body: Text = ""

    def changes(self) -> Changes:
        """The fields that are not left out."""
        said = self.content().model_dump(include=self.model_fields_set)
        return Changes.model_validate(said)


class WishedItem(WishedContent):
    """An item to capture."""

    attribution: Attribution = Attribution.NAMED
    follows: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] | None = None


class ShownAuthor(BaseModel):
    """Whose item it is, as far as everybody may know."""

    attribution: Attribution
    name: str


class ShownItem(BaseModel):
    """An item and where it is now."""

    id: str
    version: int
    stage: Stage
    waiting_for: str
    since: datetime
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
    author: ShownAuthor
    content_sha256: str
    captured_at: datetime
    follows: str | None

    @classmethod
    def of(cls, document: Document[Item]) -> Self:
        """The item of a document."""
        item = document.known
        said = item.content.model_dump()
        about = {
            "stage": item.stage,
            "waiting_for": item.waiting_for,
            "since": item.since,
            "follows": item.follows,
        }
        whose = ShownAuthor(attribution=item.author.attribution, name=item.author.name)
        kept = {
            "version": item.version,
            "content_sha256": item.content_sha256,
            "captured_at": item.captured_at,
        }
        return cls(id=item.item_id, author=whose, **said, **about, **kept)


class ShownStep(BaseModel):
    """One thing that happened."""

    at: datetime
    service: str
    type: str
    what: str
    who: str | None
    event_id: str

    @classmethod
    def of(cls, document: Document[Note]) -> Self:
        """The step that a note tells of."""
        return cls(event_id=document.id, **document.known.model_dump(exclude={"item_id"}))


class Now(BaseModel):
    """Where an item is, since when, and for whom or what it waits."""

    stage: Stage
    waiting_for: str
    since: datetime


class Journey(BaseModel):
    """Everything that happened to an item over all services, in order."""

    item: ShownItem
    now: Now
    steps: list[ShownStep]


class Moved(ShownStep):
    """One thing that happened, with the item it happened to.

    To those who are not signed in, `what` is told in general, `who` is null, and `title` is empty.
    """

    item_id: str
    title: str

    def in_general(self, key: bytes) -> Self:
        """What everybody may know of it: where, when, and what sort of thing happened to which item."""
        # A stored id is a digest of all that was said, so that whoever guesses a name or a remark could prove it.
        hidden = {"event_id": private_id(key, self.event_id), "who": None, "title": ""}
        told = {"at": self.at, "service": self.service, "type": self.type, "what": in_general(self.type)}
        return type(self)(item_id=self.item_id, **hidden, **told)


class Circulation(BaseModel):
    """How many items are in each of the four services and at each stage, and what moved last."""

    stages: dict[str, int]
    detail: dict[Stage, int]
    recent: list[Moved]


def known_text(text: str) -> str:
    """An idempotency key as it may be.

    Raises:
        ValueError: it is longer than 255 characters, or not printable ASCII.
    """
    if not text.isascii() or not text.isprintable():
        raise ValueError("Use printable ASCII characters, such as a UUID.")
    return text


IdempotencyKey = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(known_text)]
