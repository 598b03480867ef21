"""A write that was repeated because nobody answered the first time is said, whatever fails after it."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared.settings import Settings
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from tests.support.counting import Add, Counting
from tests.support.desk import desk, talking
from tests.support.eventually import eventually


class Failing(Documents):
    """Documents of a database that is away for a save, and for a read, when the test says so."""

    saves = 0
    loads = 0

    async def save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
        """Save them, or fail before anything is stored."""
        if self.saves:
            self.saves -= 1
            raise AutoReconnect
        return await super().save(collection, documents)

    async def load(self, collection: Collection[Any], ids: Iterable[str]) -> dict[str, Document[Any]]:
        """Load them, or fail."""
        if self.loads and ids:
            self.loads -= 1
            raise AutoReconnect
        return await super().load(collection, ids)


async def test_what_a_repeated_write_stored_is_said_though_reading_it_back_fails(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, kind=Failing) as one, talking(one):
        documents = one.documents
        assert isinstance(documents, Failing)
        await one.out(await one.store(Add(item_id="before", number=1)))

        documents.saves = 1
        with pytest.raises(AutoReconnect):
            await one.store(Add(item_id="a", number=1))
        await eventually(lambda: not one.voice.behind)

        documents.loads = 1
        with pytest.raises(AutoReconnect):
            await one.store(Add(item_id="a", number=1))
        await one.out(await one.store(Add(item_id="after", number=1)))

        assert set(one.listener.said) == {"sums/before/1", "sums/a/1", "sums/after/1"}
