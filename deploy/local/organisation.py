"""The sample organisation as its files tell it, so that what furnishes a house handles typed values."""

from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import frontmatter
from pydantic import BaseModel, ConfigDict, TypeAdapter

from deploy.local.people_list import SAMPLE
from shared.contracts.base import Attribution, Kind, TopicName, TrialOutcome, Variable
from shared.identity.people import Person, Role

StageWanted = Literal[
    "captured", "endorsed", "nominated", "changes_requested", "published", "adopted", "rejected", "merged"
]
T = TypeVar("T")


class FromFile(BaseModel):
    """A value read from the sample; a misspelt field is an error, because nobody would miss it otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Tried(FromFile):
    """What somebody in the sample says after trying an item."""

    outcome: TrialOutcome
    note: str | None = None


class Adopted(Tried):
    """What a department reports after adopting an entry."""

    learned: str | None = None


class Curator(FromFile):
    """Whose decisions count, and for which topics."""

    person: str
    name: str
    topics: tuple[TopicName, ...]

    def covers(self, topics: tuple[str, ...]) -> bool:
        """True where every one of these topics is the curator's or under one of the curator's."""
        return all(any(within(topic, mine) for mine in self.topics) for topic in topics)


class Community(FromFile):
    """A community and who joins it."""

    name: str
    kind: Literal["company_wide", "topic_focused"]
    topics: tuple[TopicName, ...]
    members: tuple[str, ...]


class Subscription(FromFile):
    """What a department follows."""

    department: str
    topics: tuple[TopicName, ...]
    kinds: tuple[Kind, ...] = ()
    query: str | None = None


class SampleItem(FromFile):
    """One piece of know-how, and how far it is to get before the newcomer looks."""

    slug: str
    by: str
    kind: Kind
    title: str
    body: str
    topics: tuple[TopicName, ...]
    tools: tuple[str, ...] = ()
    attribution: Attribution
    variables: tuple[Variable, ...] = ()
    model: str | None = None
    sample_output: str | None = None
    expected: str | None = None
    stage_wanted: StageWanted
    endorsed_by: dict[str, str] = {}
    tried_by: dict[str, Tried] = {}
    nominated_by: str | None = None
    decided_by: str | None = None
    reason: str | None = None
    into: str | None = None
    adopted_by: dict[str, Adopted] = {}

    @property
    def goes_to_review(self) -> bool:
        """True where a curator is to see it."""
        return self.stage_wanted not in ("captured", "endorsed")

    def content(self) -> dict[str, Any]:
        """What its author types in when capturing it."""
        return self.model_dump(mode="json", include=_CAPTURED, exclude_defaults=True)


_CAPTURED: Final = {
    "kind",
    "title",
    "body",
    "topics",
    "tools",
    "attribution",
    "variables",
    "model",
    "sample_output",
    "expected",
}


class Organisation(FromFile):
    """Everybody and everything in the sample."""

    people: tuple[Person, ...]
    curators: tuple[Curator, ...]
    communities: tuple[Community, ...]
    subscriptions: tuple[Subscription, ...]
    items: tuple[SampleItem, ...]

    def person(self, person_id: str) -> Person:
        """The person with this id.

        Raises:
            KeyError: nobody has it.
        """
        return {person.id: person for person in self.people}[person_id]

    def somebody(self, role: Role, department: str | None = None) -> Person:
        """The first person listed with this role, in a department or anywhere.

        Raises:
            KeyError: there is none.
        """
        for person in self.people:
            if role in person.roles and department in (None, person.department):
                return person
        raise KeyError(role, department)

    def item(self, slug: str) -> SampleItem:
        """The item from the file of this name.

        Raises:
            KeyError: there is no such file.
        """
        return {item.slug: item for item in self.items}[slug]


def within(topic: str, above: str) -> bool:
    """True where a topic is another one or lies under it."""
    return f"{topic}/".startswith(f"{above}/")


def read_organisation(folder: Path = SAMPLE) -> Organisation:
    """The organisation that a folder describes; reading it again gives an equal one.

    Raises:
        OSError: a file is missing.
        pydantic.ValidationError: a file does not say what it must; the message names the field.
    """
    return Organisation(
        people=_read(folder / "people.json", Person),
        curators=_read(folder / "curators.json", Curator),
        communities=_read(folder / "communities.json", Community),
        subscriptions=_read(folder / "subscriptions.json", Subscription),
        items=tuple(map(read_item, sorted((folder / "items").glob("*.md")))),
    )


def read_item(path: Path) -> SampleItem:
    """The item in a Markdown file; its front matter holds everything but the body.

    Raises:
        OSError: the file cannot be read.
        pydantic.ValidationError: a field is missing, unknown or wrong.
    """
    page = frontmatter.loads(path.read_text("utf-8"))
    return SampleItem.model_validate({**page.metadata, "slug": path.stem, "body": page.content})


def _read(path: Path, what: type[T]) -> tuple[T, ...]:
    return TypeAdapter(tuple[what, ...]).validate_json(path.read_bytes())  # type: ignore[valid-type]
