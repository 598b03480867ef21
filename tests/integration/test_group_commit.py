"""Requests that arrive together are stored together, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.flow.step import Refused
from shared.settings import Settings
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from tests.support.counting import SUMS, Add, Counting, Sum, numbers_of
from tests.support.eventually import eventually


class Counted(Documents):
    """Counts the bulks that are written."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.bulks: list[int] = []

    async def save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
        """Save, and remember how much at once."""
        self.bulks.append(len(documents))
        return await super().save(collection, documents)


async def test_many_commands_at_once_are_stored_in_few_bulks(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        counted = engine.asked.documents = Counted(engine.documents.database)
        done = await asyncio.gather(*(engine.do(Add(item_id=str(n), number=n)) for n in range(400)))

        assert all(one.changed for one in done)
        assert await engine.documents.count(SUMS, {}) == 400
        assert sum(counted.bulks) == 400
        assert len(counted.bulks) <= 4


async def test_commands_about_one_document_are_one_write(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        counted = engine.asked.documents = Counted(engine.documents.database)
        done = await asyncio.gather(*(engine.do(Add(item_id="a", number=n)) for n in range(50)))

        assert await numbers_of(engine, "a") == tuple(range(50))
        assert [one.state(SUMS.name) for one in done][:2] == [Sum(numbers=(0,)), Sum(numbers=(0, 1))]
        assert sum(counted.bulks) <= 2


async def test_one_refusal_keeps_none_of_the_others_back(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        wishes = [engine.do(Add(item_id="a", number=number)) for number in (1, -1, 2)]
        first, refused, second = await asyncio.gather(*wishes, return_exceptions=True)

        assert isinstance(refused, Refused)
        assert refused.status == 422
        assert not isinstance(first, BaseException)
        assert not isinstance(second, BaseException)
        assert await numbers_of(engine, "a") == (1, 2)


async def test_a_bug_in_one_step_keeps_none_of_the_others_back(
    settings: Settings, counting: Counting
) -> None:
    counting.broken.add(13)
    async with counting.running(settings) as engine:
        wishes = [engine.do(Add(item_id=str(number), number=number)) for number in (12, 13, 14)]
        answers = await asyncio.gather(*wishes, return_exceptions=True)

        assert isinstance(answers[1], ZeroDivisionError)
        assert [await numbers_of(engine, key) for key in ("12", "13", "14")] == [(12,), (), (14,)]


async def test_a_document_that_cannot_be_stored_keeps_none_of_the_others_back(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings) as engine:
        wishes = [
            engine.do(Add(item_id=str(place), number=number)) for place, number in enumerate((1, 2**80, 3))
        ]
        answers = await asyncio.gather(*wishes, return_exceptions=True)

        assert isinstance(answers[1], OverflowError)
        assert [await numbers_of(engine, key) for key in "012"] == [(1,), (), (3,)]
        await eventually(lambda: not engine.trouble())


async def test_the_same_command_again_changes_nothing(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        first = await engine.do(Add(item_id="a", number=1))
        again = await engine.do(Add(item_id="a", number=1))

        assert (first.changed, again.changed) == (True, False)


async def test_the_same_command_twice_at_once_changes_something_once(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings) as engine:
        done = await asyncio.gather(*(engine.do(Add(item_id="a", number=1)) for _ in range(2)))

        assert [one.changed for one in done] == [True, False]
        assert [one.state(SUMS.name) for one in done] == [Sum(numbers=(1,))] * 2


async def test_a_command_whose_own_write_came_first_after_all_changed_nothing(
    settings: Settings, counting: Counting
) -> None:
    class Overtaken(Documents):
        async def save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
            engine.asked.documents = engine.documents
            await super().save(collection, documents)
            return await super().save(collection, documents)

    async with counting.running(settings) as engine:
        engine.asked.documents = Overtaken(engine.documents.database)
        done = await engine.do(Add(item_id="a", number=1))

        assert not done.changed
        assert await numbers_of(engine, "a") == (1,)


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_competing_instances_lose_nothing(settings: Settings, counting: Counting, driver: str) -> None:
    chosen = settings.model_copy(update={"driver": driver})
    second = chosen.model_copy(update={"instance": "1"})
    async with counting.running(chosen) as one, counting.running(second) as other:
        wishes = [[one, other][n % 2].do(Add(item_id=str(n % 3), number=n)) for n in range(120)]
        await asyncio.gather(*wishes)

        for key in range(3):
            assert sorted(await numbers_of(one, str(key))) == list(range(key, 120, 3))
