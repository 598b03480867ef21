"""What an index missed, whenever and in whichever instance, makes it be rebuilt once more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, cast

from opensearchpy.exceptions import ConnectionError as Unreachable

from services.spread.mirror import Mirror
from shared.storage.document import Collection, Document
from shared.storage.search import Indexed

THINGS: Collection[Any] = Collection("things", dict)


class Table:
    """One row of counts."""

    def __init__(self) -> None:
        self.row: dict[str, int] = {}

    async def find_one(self, _: object) -> dict[str, int]:
        """The row."""
        return self.row

    async def update_one(self, _: object, change: dict[str, dict[str, int]], *, upsert: bool) -> None:
        """Count up, or keep what is more."""
        assert upsert
        for name, more in change.get("$inc", {}).items():
            self.row[name] = self.row.get(name, 0) + more
        for name, least in change.get("$max", {}).items():
            self.row[name] = max(self.row.get(name, 0), least)


class Things:
    """Documents of which one more is stored while they are gone through for the first time."""

    def __init__(self) -> None:
        self.database = {"index_debts": Table()}
        self.stored: list[Document[Any]] = [Document("a", 1)]
        self.on_the_way: Callable[[Document[Any]], Any]

    async def count(self, _: object, __: object) -> int:
        """How many there are."""
        return len(self.stored)

    async def every(self, _: object) -> AsyncIterator[list[Document[Any]]]:
        """Those that there were at the beginning."""
        yield list(self.stored)
        if len(self.stored) == 1:
            self.stored.append(Document("b", 1))
            await self.on_the_way(self.stored[-1])


class Away:
    """An index of a server that takes no single write, and every rebuild."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def exists(self) -> bool:
        """Say so, when the test lets it."""
        self.asked.set()
        return await self.answers.wait()

    async def write(self, _: object) -> None:
        """Fail."""
        raise Unreachable("N/A", "away", None)

    async def rebuild(
        self, batches: AsyncIterator[Sequence[Indexed]], progress: Callable[[int], None]
    ) -> None:
        """Hold what there is in the batches, and nothing else."""
        self.held = []
        async for batch in batches:
            self.held += [one.id for one in batch]
            progress(len(batch))


def mirrored(things: Things, index: Away) -> Mirror[Any]:
    return Mirror(cast("Any", things), THINGS, cast("Any", index), lambda one: Indexed(one.id, 1, {}))


async def test_a_write_that_failed_during_a_rebuild_is_in_the_index_afterwards() -> None:
    things, index = Things(), Away()
    mirror = mirrored(things, index)
    things.on_the_way = lambda stored: mirror.took([stored])

    await mirror.ensure()

    assert index.held == ["a", "b"]
    assert (mirror.current, mirror.done, mirror.total) == (True, 2, 2)


async def test_a_write_that_failed_while_the_index_was_looked_at_is_not_forgotten() -> None:
    things, index = Things(), Away()
    mirror = mirrored(things, index)
    things.on_the_way = lambda _: asyncio.sleep(0)
    await mirror.ensure()

    looking = asyncio.create_task(mirror.look())
    await index.asked.wait()
    await mirror.took([Document("c", 1)])
    index.answers.set()
    await looking

    assert not mirror.current


async def test_what_one_instance_could_not_write_all_of_them_know() -> None:
    things, index = Things(), Away()
    one, other = mirrored(things, index), mirrored(things, index)
    things.on_the_way = lambda _: asyncio.sleep(0)
    await one.ensure()
    await other.ensure()

    await one.took([Document("c", 1)])
    await other.heed()
    assert not other.current

    await other.ensure()
    await other.heed()
    assert other.current


async def test_what_is_stored_before_the_first_rebuild_has_begun_is_owed() -> None:
    things, index = Things(), Away()
    one, other = mirrored(things, index), mirrored(things, index)
    things.on_the_way = lambda _: asyncio.sleep(0)
    await other.ensure()

    await one.took([Document("c", 1)])
    await other.heed()

    assert not other.current
