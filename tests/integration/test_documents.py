"""Documents keep what they promise, whichever of the two drivers is underneath."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from shared.settings import Settings
from shared.storage.document import Collection, Document, stored
from shared.storage.documents import Documents, Page, Query, Span
from shared.storage.drivers import BulkWriteError, close, connect


class Thing(BaseModel):
    """Something to store."""

    name: str
    at: datetime = datetime(2026, 5, 1, 10, 0, 0, 123000, tzinfo=UTC)


THINGS = Collection("things", Thing, indexes=("state.name", "state.name,state.at"))


@pytest.fixture(params=["motor", "pymongo"])
async def documents(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Documents]:
    client = connect(settings.mongodb, request.param)
    made = Documents(client[f"{settings.prefix}{uuid4().hex[:8]}"])
    await made.prepare([THINGS])
    yield made
    await client.drop_database(made.database.name)
    await close(client)


def thing(key: str, name: str = "a", mark: str = "0:1") -> Document[Thing]:
    return Document(key, state=Thing(name=name), history=({"id": f"{key}/1"},), mark=mark)


async def test_what_was_saved_is_loaded_again_as_its_next_version(documents: Documents) -> None:
    lost = await documents.save(THINGS, [thing("x"), thing("y")])

    assert not lost
    assert await documents.load(THINGS, ["x", "y", "z"]) == {k: stored(thing(k)) for k in ("x", "y")}
    assert await documents.get(THINGS, "x") == stored(thing("x"))


async def test_nothing_is_found_where_nothing_was_saved(documents: Documents) -> None:
    assert await documents.get(THINGS, "x") is None
    assert await documents.load(THINGS, ["x"]) == {}
    assert await documents.page(THINGS, Query()) == Page([])


async def test_asking_for_no_documents_finds_none(documents: Documents) -> None:
    assert await documents.load(THINGS, []) == {}


async def test_creating_what_somebody_else_created_is_a_conflict_and_changes_nothing(
    documents: Documents,
) -> None:
    await documents.save(THINGS, [thing("x", "first")])

    assert await documents.save(THINGS, [thing("x", "second")]) == {"x"}
    assert await documents.get(THINGS, "x") == stored(thing("x", "first"))


async def test_changing_what_somebody_else_changed_is_a_conflict_and_changes_nothing(
    documents: Documents,
) -> None:
    await documents.save(THINGS, [thing("x")])
    await documents.save(THINGS, [stored(thing("x", "theirs"))])

    assert await documents.save(THINGS, [stored(thing("x", "ours"))]) == {"x"}
    assert await documents.get(THINGS, "x") == stored(stored(thing("x", "theirs")))


async def test_one_conflict_in_a_batch_keeps_none_of_the_others_back(documents: Documents) -> None:
    await documents.save(THINGS, [thing("b"), thing("c")])
    await documents.save(THINGS, [stored(thing("c", "theirs"))])

    lost = await documents.save(
        THINGS, [thing("a"), thing("b", "late"), stored(thing("c", "late")), thing("d")]
    )

    assert lost == {"b", "c"}
    assert set(await documents.load(THINGS, "abcd")) == set("abcd")
    assert await documents.count(THINGS, {"state.name": "late"}) == 0


async def test_a_batch_that_is_saved_again_is_nothing_but_conflicts(documents: Documents) -> None:
    batch = [thing(str(number)) for number in range(300)]

    assert await documents.save(THINGS, batch) == set()
    assert await documents.save(THINGS, batch) == {one.id for one in batch}


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("by", ["_id", "state.name", "state.at"])
async def test_pages_neither_repeat_nor_skip_under_equal_sort_values(
    documents: Documents, by: str, newest_first: bool
) -> None:
    await documents.save(THINGS, [thing(f"{number:02}", "ab"[number % 2]) for number in range(23)])
    seen: list[str] = []
    query: Query | None = Query(by=by, newest_first=newest_first, limit=5)

    while query:
        page = await documents.page(THINGS, query)
        seen += [document.id for document in page.documents]
        query = Query({}, by, newest_first, 5, page.after) if page.after else None

    expected = sorted((f"{n:02}" for n in range(23)), key=lambda key: _place(by, key), reverse=newest_first)
    assert seen == expected


def _place(by: str, key: str) -> tuple[int, str]:
    return (int(key) % 2 if by == "state.name" else 0, key)


async def test_a_page_that_is_just_full_is_the_last(documents: Documents) -> None:
    await documents.save(THINGS, [thing(key) for key in "abc"])

    assert (await documents.page(THINGS, Query(limit=3))).after is None
    assert (await documents.page(THINGS, Query(limit=2))).after == ("b", "b")


async def test_a_page_leaves_histories_out_and_is_otherwise_the_same(documents: Documents) -> None:
    await documents.save(THINGS, [thing("x"), thing("y")])

    seen = (await documents.page(THINGS, Query())).documents

    assert seen == [replace(stored(thing(key)), history=(), whole=False) for key in ("x", "y")]
    assert await documents.load(THINGS, ["x", "y"]) == {key: stored(thing(key)) for key in ("x", "y")}
    with pytest.raises(ValueError, match="without its history"):
        await documents.save(THINGS, seen)
    with pytest.raises(ValueError, match="without its history"):
        seen[0].unannounced()


class Undecided:
    """A database that did some of the writes, and cannot say whether a majority has them."""

    def __getitem__(self, _: str) -> "Undecided":
        return self

    async def bulk_write(self, *_: Any, **__: Any) -> None:
        """Refuse the first one, and leave the others in doubt."""
        raise BulkWriteError(
            {"writeErrors": [{"code": 11000, "index": 0}], "writeConcernErrors": [{"code": 64}]}
        )


async def test_what_a_majority_may_not_have_does_not_count_as_stored() -> None:
    with pytest.raises(BulkWriteError):
        await Documents(Undecided()).save(THINGS, [thing("x"), thing("y")])


async def test_values_are_read_without_the_rest_of_their_documents(documents: Documents) -> None:
    await documents.save(THINGS, [thing("x", "one"), thing("y", "two")])

    assert await documents.values(THINGS, ["x", "y", "z"], "state.name") == {"x": "one", "y": "two"}


async def test_pages_keep_to_their_condition(documents: Documents) -> None:
    await documents.save(THINGS, [thing("a", "x"), thing("b", "y"), thing("c", "x")])

    first = await documents.page(THINGS, Query({"state.name": "x"}, limit=1))
    second = await documents.page(THINGS, Query({"state.name": "x"}, limit=1, after=first.after))

    assert [one.id for one in first.documents + second.documents] == ["a", "c"]
    assert second.after is None


@pytest.mark.parametrize("count", [0, 1, 4, 250])
async def test_going_through_all_of_a_collection_comes_by_each_document_once(
    documents: Documents, count: int
) -> None:
    keys = [f"t{number:03}" for number in range(count)]
    await documents.save(THINGS, [thing(key) for key in keys])

    parts = [[document.id for document in some] async for some in documents.every(THINGS, at_once=2)]

    assert sorted(key for part in parts for key in part) == keys
    assert all(0 < len(part) <= 2 for part in parts)


async def test_documents_are_found_by_the_batches_that_wrote_them(documents: Documents) -> None:
    marks = {"a": "0:00000001:000000000002", "b": "0:00000001:000000000010", "c": "01:00000001:000000000005"}
    await documents.save(THINGS, [thing(key, mark=mark) for key, mark in marks.items()])

    assert {one.id for one in await documents.marked(THINGS, Span("0:", "0;"))} == {"a", "b"}
    assert {one.id for one in await documents.marked(THINGS, Span(marks["a"], "0;"))} == {"b"}


async def test_preparing_again_changes_nothing(documents: Documents) -> None:
    await documents.prepare([THINGS])

    assert len(await documents.database[THINGS.name].index_information()) == 4
