"""A tiny service for tests of the engine: it adds numbers up, item by item, and hears its own sums."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from shared.contracts.base import Said
from shared.flow.engine import Engine, Service
from shared.flow.errors import Passing
from shared.flow.step import Moment, On, Outcome, Refused, unchanged
from shared.settings import Settings
from shared.storage.document import Collection
from shared.storage.documents import Query


class Sum(BaseModel):
    """The numbers of one item, each once."""

    numbers: tuple[int, ...] = ()


class Note(BaseModel):
    """The sums of one item, in the order in which they were first heard."""

    counts: tuple[int, ...] = ()


class Add(BaseModel):
    """The wish to add a number to an item."""

    item_id: str
    number: int


class Added(Said):
    """Somebody else added a number to an item."""

    item_id: str
    number: int


class Summed(Said):
    """An item has a further number."""

    item_id: str
    count: int
    total: int


SUMS = Collection("sums", Sum)
NOTES = Collection("notes", Note)
Kind = TypeVar("Kind", bound=Said)


@dataclass
class Counting:
    """The service under a name of its own, and so with topics, group and database of its own.

    Its step raises at the numbers in `broken`, as a bug would, until they are taken out.
    """

    name: str
    broken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.added = _on(f"test.{self.name}.added.v1", Added)
        self.summed = _on(f"test.{self.name}.sums.v1", Summed)

    @property
    def rows(self) -> tuple[On, ...]:
        """Its table."""
        return (
            On(Add, self.add, into=SUMS),
            On(self.added, self.add, into=SUMS),
            On(self.summed, note, into=NOTES, creates=True),
        )

    @property
    def service(self) -> Service:
        """What an engine must know of it."""
        return Service(self.name, self.rows, lambda documents: documents)

    def add(self, known: Sum | None, heard: Add | Added, _: Moment) -> Outcome[Sum]:
        """Add the number, once; negative ones are refused."""
        if heard.number < 0:
            raise Refused("Only add what is not negative.", 422)
        if heard.number in self.broken:
            raise ZeroDivisionError(heard.number)
        if known and heard.number in known.numbers:
            return unchanged(known)
        numbers = (*(known.numbers if known else ()), heard.number)
        said = self.summed(item_id=heard.item_id, count=len(numbers), total=sum(numbers))
        return Outcome(Sum(numbers=numbers), says=(said,))

    @asynccontextmanager
    async def running(self, settings: Settings, kind: type[Engine] = Engine) -> AsyncIterator[Engine]:
        """Its engine, until the block ends."""
        engine = kind(self.service, settings)
        await engine.start()
        try:
            yield engine
        finally:
            await engine.stop()


class Mute(Engine):
    """An engine that stores and never announces: what a process that dies in between leaves behind."""

    def run(self, work: Any) -> None:
        """Run everything but the voice."""
        if work.__qualname__ == "Voice.run":
            work.close()
        else:
            super().run(work)


def note(known: Note | None, heard: Summed, _: Moment) -> Outcome[Note]:
    """Write down which sum this is, once."""
    counts = known.counts if known else ()
    return unchanged(known) if heard.count in counts else Outcome(Note(counts=(*counts, heard.count)))


async def accepted(engine: Engine, wish: Add) -> bool:
    """Whether the wish is fulfilled now; false where one is told to come again."""
    try:
        await engine.do(wish)
    except Passing:
        return False
    return True


async def numbers_of(engine: Engine, item_id: str) -> tuple[int, ...]:
    """An item's numbers as they are stored."""
    found = await engine.documents.get(SUMS, item_id)
    return found.known.numbers if found else ()


async def counts_of(engine: Engine, item_id: str) -> tuple[int, ...]:
    """Which sums of an item were heard, in order."""
    found = await engine.documents.get(NOTES, item_id)
    return found.known.counts if found else ()


async def all_heard(engine: Engine) -> dict[str, tuple[int, ...]]:
    """Which sums were heard, in order, for each item."""
    page = await engine.documents.page(NOTES, Query(limit=100_000))
    return {document.id: document.known.counts for document in page.documents}


def _on(topic: str, kind: type[Kind]) -> type[Kind]:
    body = {"topic": topic, "__module__": __name__, "__doc__": kind.__doc__, "__qualname__": kind.__name__}
    return cast("type[Kind]", type(kind.__name__, (kind,), body))
