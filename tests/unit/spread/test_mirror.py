"""What an index missed while it was being rebuilt makes it be rebuilt once more."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, cast

from opensearchpy.exceptions import ConnectionError as Unreachable

from services.spread.mirror import Mirror
from shared.storage.document import Collection, Document
from shared.storage.search import Indexed

THINGS: Collection[Any] = Collection("things", dict)


class Things:
    """Documents of which one more is stored while they are gone through for the first time."""

    def __init__(self) -> None:
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


async def test_a_write_that_failed_during_a_rebuild_is_in_the_index_afterwards() -> None:
    things, index = Things(), Away()
    mirror = Mirror(cast("Any", things), THINGS, cast("Any", index), lambda one: Indexed(one.id, 1, {}))
    things.on_the_way = lambda stored: mirror.took([stored])

    await mirror.ensure()

    assert index.held == ["a", "b"]
    assert (mirror.current, mirror.done, mirror.total) == (True, 2, 2)
