"""A service whose batches go into two collections, and a moment between the two to look at."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.flow.step import Moment, On, Outcome
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from tests.support.counting import Add, Counting, Sum
from tests.support.desk import Desk

LATER = Collection("later", Sum)


class Gated(Documents):
    """Lets a test look at the moment in which only the first collection of a slow item's batch is stored."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.gate = asyncio.Event()
        self.waits = asyncio.Event()

    async def save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
        """Wait for the test where the later collection and the slow item are concerned."""
        if collection is LATER and documents[0].id == "slow":
            self.waits.set()
            await self.gate.wait()
        return await super().save(collection, documents)


def second(counting: Counting) -> On:
    """A further row, by which one command says something in two collections."""

    def say_so(known: Sum | None, heard: Add, moment: Moment) -> Outcome[Sum]:
        return counting.add(known, heard, moment)

    return On(Add, say_so, into=LATER)


async def at_the_gate(one: Desk) -> Gated:
    """Its documents, once the slow batch is stored in part."""
    assert isinstance(one.documents, Gated)
    await one.documents.waits.wait()
    return one.documents
