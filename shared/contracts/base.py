"""What every announcement is, so that each service's contracts only name their fields."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Contract(BaseModel):
    """A value inside an announcement; unknown fields are ignored, because contracts grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Said(Contract):
    """One announcement or command on a topic.

    `topic` is where it goes, `key` the aggregate it is about (what has the same key stays in order),
    `subject` the item that a reader would follow.
    """

    topic: ClassVar[str]

    @property
    def destination(self) -> str:
        """The topic of this one, which is that of its kind."""
        return self.topic

    @property
    def key(self) -> str:
        """The aggregate's id, which is the item's unless a contract says otherwise."""
        return self.subject

    @property
    def subject(self) -> str:
        """The item that this is about."""
        return str(getattr(self, "item_id", ""))


def stamp(moment: datetime) -> datetime:
    """The moment in UTC and whole milliseconds, which is what documents can hold."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


class Kind(StrEnum):
    """The six kinds of know-how."""

    PROMPT = "prompt"
    TRICK = "trick"
    WORKAROUND = "workaround"
    FAILURE = "failure"
    USE_CASE = "use_case"
    QUESTION = "question"


class Attribution(StrEnum):
    """How an author wishes to be known."""

    NAMED = "named"
    PSEUDONYMOUS = "pseudonymous"
    ANONYMOUS = "anonymous"


class TrialOutcome(StrEnum):
    """What came of trying something."""

    WORKED = "worked"
    PARTLY = "partly"
    FAILED = "failed"


TOPIC_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,5}$"
DEPARTMENT_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TopicName = Annotated[str, Field(pattern=TOPIC_PATTERN, max_length=120)]


class Who(Contract):
    """A person who acts under their own name."""

    id: str
    name: str
    department: str


class Author(Contract):
    """Whose item it is, as far as everybody may know.

    `person` is set only where the author wished to be named; `proof` is a keyed digest over person and item
    that lets a service ask whether somebody who acts is the author, without knowing who that is.
    """

    attribution: Attribution
    name: str
    person: str | None = None
    proof: str


class Variable(Contract):
    """One blank in a prompt."""

    name: str
    default: str | None = None
    description: str | None = None


class Content(Contract):
    """What an item says; the extras are those of its kind and optional."""

    kind: Kind
    title: str
    body: str
    topics: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    model: str | None = None
    sample_output: str | None = None
    expected: str | None = None
    origin: str | None = None
