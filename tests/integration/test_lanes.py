"""A batch counts as out when all of it was said, and whatever was stored without an answer is found."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared.flow.step import On
from shared.settings import Settings
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from tests.support.counting import Add, Counting
from tests.support.desk import desk, talking
from tests.support.eventually import eventually
from tests.support.gate import LATER, Gated, at_the_gate, second


class Late(Documents):
    """Loses the connection after a write was sent, and before it has arrived."""

    under_way: list[tuple[Collection[Any], Sequence[Document[Any]]]]
    broken = False

    async def save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
        """Fail, and keep the write for later, while the connection is broken."""
        if self.broken:
            self.under_way = [(collection, documents)]
            raise AutoReconnect("connection lost")
        return await super().save(collection, documents)

    async def arrive(self) -> None:
        """The write arrives after all."""
        self.broken = False
        for collection, documents in self.under_way:
            await super().save(collection, documents)


class Slow:
    """The lanes' table, where updates wait for the test."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.gate = asyncio.Event()

    async def update_one(self, *update: Any, **options: Any) -> Any:
        """Wait, then update."""
        await self.gate.wait()
        return await self.table.update_one(*update, **options)


async def test_a_batch_is_out_when_all_of_it_was_said(settings: Settings, counting: Counting) -> None:
    async with desk(settings, counting) as one, talking(one):
        mark = await one.store(Add(item_id="a", number=1), Add(item_id="b", number=1))
        await one.out(mark)

        assert sorted(one.listener.said) == ["sums/a/1", "sums/b/1"]
        assert await one.done() == mark


async def test_a_batch_that_says_nothing_is_out_too(settings: Settings, counting: Counting) -> None:
    nobody = On(Add, counting.add, into=LATER, given=_nobody, each=lambda heard, _: heard.item_id)

    async with desk(settings, counting, rows=(nobody,)) as one, talking(one):
        await eventually(lambda: not one.voice.behind)
        async with asyncio.timeout(2):
            await one.out(await one.store(Add(item_id="a", number=1)))


async def test_a_batch_is_not_out_while_a_part_of_it_is_still_being_stored(
    settings: Settings, counting: Counting
) -> None:
    rows = (*counting.rows, second(counting))
    async with desk(settings, counting, kind=Gated, rows=rows) as one, talking(one):
        await eventually(lambda: not one.voice.behind)
        first, slow = [
            asyncio.create_task(one.store(Add(item_id=key, number=1))) for key in ("quick", "slow")
        ]
        gated = await at_the_gate(one)
        await one.out(await first)

        assert await one.done() == await first
        gated.gate.set()
        await one.out(await slow)
        assert one.listener.said[-1] == "later/slow/1"


async def test_a_crash_while_a_batch_is_stored_leaves_nothing_unsaid(
    settings: Settings, counting: Counting
) -> None:
    rows = (*counting.rows, second(counting))
    async with desk(settings, counting, rows=rows) as one:
        async with talking(one):
            await eventually(lambda: not one.voice.behind)
            for number in range(30):
                await one.store(Add(item_id="a", number=number))
        said = set(one.listener.said)

    async with desk(settings, counting, rows=rows) as again, talking(again):
        await eventually(lambda: not again.voice.behind)
        said |= set(again.listener.said)

    assert said == {f"{where}/a/{number}" for where in ("sums", "later") for number in range(1, 31)}


async def test_a_write_that_arrives_after_its_connection_was_lost_is_said(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, kind=Late) as one, talking(one):
        await eventually(lambda: not one.voice.behind)
        assert isinstance(one.documents, Late)
        one.documents.broken = True
        with pytest.raises(AutoReconnect):
            await one.store(Add(item_id="a", number=1))
        with suppress(AssertionError):
            await eventually(lambda: not one.voice.behind, within=1)

        await one.documents.arrive()
        await one.store(Add(item_id="a", number=1), Add(item_id="b", number=1))

        await eventually(lambda: {"sums/a/1", "sums/b/1"} <= set(one.listener.said), within=3)


async def _nobody(_: Any, heard: Sequence[Any]) -> list[list[Any]]:
    return [[] for _ in heard]


async def test_what_is_said_is_out_before_that_is_written_down(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting) as one:
        table = one.flow.lanes.table = Slow(one.flow.lanes.table)
        async with talking(one):
            mark = await one.store(Add(item_id="a", number=1))

            async with asyncio.timeout(2):
                await one.voice.out(mark)

            assert await one.done() < mark
            table.gate.set()
            await one.out(mark)
