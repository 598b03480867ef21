"""Documents that a step makes: nobody looks for them first, and one that exists is noticed as it is written."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from shared.settings import Settings
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from tests.support.counting import SUMS, Add, Added, Counting
from tests.support.desk import desk


class Asked(Documents):
    """Remembers which documents it was asked for, question by question."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.questions: list[set[str]] = []

    async def load(self, collection: Collection[Any], ids: Iterable[str]) -> dict[str, Document[Any]]:
        """Answer, and remember the question; asking for nothing is none."""
        wanted = set(ids)
        self.questions += [wanted] if wanted else []
        return await super().load(collection, wanted)


async def _numbers(documents: Documents, *ids: str) -> list[tuple[int, ...]]:
    found = await Documents(documents.database).load(SUMS, ids)
    return [found[key].known.numbers for key in ids]


def _creating(counting: Counting) -> dict[str, Any]:
    making, adding, *others = counting.rows
    return {"rows": (replace(making, creates=True), adding, *others), "kind": Asked}


async def test_a_document_that_is_made_is_not_looked_for_first(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, **_creating(counting)) as one:
        await one.store(Add(item_id="a", number=1), Add(item_id="a", number=2), Add(item_id="b", number=3))

        assert isinstance(one.documents, Asked)
        assert one.documents.questions == []
        assert await _numbers(one.documents, "a", "b") == [(1, 2), (3,)]


async def test_one_that_exists_after_all_is_noticed_and_nothing_is_lost_or_said_twice(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, **_creating(counting)) as one:
        await one.store(Add(item_id="a", number=1))
        await one.store(Add(item_id="a", number=1), Add(item_id="a", number=2), Add(item_id="b", number=3))

        assert isinstance(one.documents, Asked)
        assert one.documents.questions == [{"a"}]
        assert await _numbers(one.documents, "a", "b") == [(1, 2), (3,)]
        found = await one.documents.get(SUMS, "a")
        assert found is not None
        assert [said["id"] for said in found.history] == ["sums/a/1", "sums/a/2"]


async def test_a_document_that_another_step_only_changes_is_looked_for(
    settings: Settings, counting: Counting
) -> None:
    async with desk(settings, counting, **_creating(counting)) as one:
        added: type[Added] = counting.added
        await one.store(Add(item_id="a", number=1), added(item_id="a", number=2), Add(item_id="b", number=3))

        assert isinstance(one.documents, Asked)
        assert one.documents.questions == [{"a"}]
        assert await _numbers(one.documents, "a", "b") == [(1, 2), (3,)]
