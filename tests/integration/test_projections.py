"""Other stores that a service keeps equal to its documents: slow ones hold nothing up, and none is forgotten."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.flow.step import Outcome
from shared.settings import Settings
from shared.storage.document import Document
from tests.support.counting import SUMS, Add, Counting
from tests.support.desk import desk
from tests.support.eventually import eventually
from tests.support.gate import LATER, second


class Elsewhere:
    """Another store, which takes what it is given once its gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.taken: list[str] = []

    async def take(self, documents: Sequence[Document[Any]]) -> None:
        """A projection."""
        await self.gate.wait()
        self.taken += [document.id for document in documents]


async def test_what_is_stored_does_not_wait_for_a_slow_store_beside(
    settings: Settings, counting: Counting
) -> None:
    elsewhere = Elsewhere()
    async with desk(settings, counting, rows=(*counting.rows, second(counting))) as one:
        one.flow.projections = {SUMS.name: elsewhere.take}
        storing = asyncio.create_task(one.store(Add(item_id="a", number=1)))

        await eventually(lambda: one.documents.get(LATER, "a"))
        assert elsewhere.taken == []
        elsewhere.gate.set()
        await storing
        assert elsewhere.taken == ["a"]


async def test_what_was_stored_before_a_failure_reaches_the_store_beside(
    settings: Settings, counting: Counting
) -> None:
    async def broken(_: Any, heard: Sequence[Any]) -> Sequence[Outcome[Any]]:
        raise ZeroDivisionError(len(heard))

    elsewhere = Elsewhere()
    elsewhere.gate.set()
    rows = (*counting.rows, replace(second(counting), given=broken))
    async with desk(settings, counting, rows=rows) as one:
        one.flow.projections = {SUMS.name: elsewhere.take}

        with pytest.raises(ZeroDivisionError):
            await one.store(Add(item_id="a", number=1))

        assert elsewhere.taken == ["a"]
