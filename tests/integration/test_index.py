"""An index can always be rebuilt, keeps the newest version of everything, and is never missed by those who search."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import uuid4

import pytest
from opensearchpy.exceptions import RequestError, TransportError

from shared.flow.errors import Fault, fault_of
from shared.settings import Settings
from shared.storage.search import Index, Indexed, OpenSearchException, connect

BODY = {
    "mappings": {
        "dynamic": "strict",
        "properties": {"name": {"type": "keyword"}, "text": {"type": "text"}},
    }
}


@pytest.fixture
async def index(settings: Settings) -> AsyncIterator[Index]:
    """An index that is built and empty."""
    client = connect(settings.opensearch)
    made = Index(client, f"{settings.prefix}things-{uuid4().hex[:8]}", BODY, "0")
    await made.rebuild(batches())
    yield made
    await client.indices.delete(index=f"{made.alias}-*")
    await client.close()


class Killed(Index):
    """One whose process is gone before it can clear away."""

    async def _remove(self, index: str) -> None:
        """Nothing."""


async def dying() -> AsyncIterator[Sequence[Indexed]]:
    """What a rebuild reads until its process is killed."""
    yield [thing("a")]
    raise ZeroDivisionError


class AskedTwice:
    """A client's transport whose answers get lost once, so that everything is asked of the server twice."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.serializer = transport.serializer

    async def perform_request(self, *args: Any, **kwargs: Any) -> Any:
        """The second answer."""
        with suppress(OpenSearchException):
            await self.transport.perform_request(*args, **kwargs)
        return await self.transport.perform_request(*args, **kwargs)

    async def close(self) -> None:
        """Close the real one."""
        await self.transport.close()


def thing(key: str, version: int = 1, name: str = "") -> Indexed:
    return Indexed(key, version, {"name": name or f"{key}.{version}", "text": "some words"})


async def batches(*given: Sequence[Indexed]) -> AsyncIterator[Sequence[Indexed]]:
    for batch in given:
        yield batch


async def names(index: Index) -> list[str]:
    """What everybody finds."""
    found = await index.client.search(index=index.alias, body={"size": 1000})
    return sorted(hit["_source"]["name"] for hit in found["hits"]["hits"])


class Overloaded:
    """A client whose server takes a bulk, and refuses what is in it."""

    def __init__(self, client: Any) -> None:
        self.indices = client.indices

    async def bulk(self, *_: Any, **__: Any) -> Any:
        """Refuse one document, as OpenSearch does where its queue of writes is full."""
        error = {"type": "rejected_execution_exception", "reason": "the queue is full"}
        return {"items": [{"index": {"status": 201}}, {"index": {"status": 429, "error": error}}]}


async def test_a_server_that_is_overloaded_is_asked_again_later(index: Index) -> None:
    index.client, kept = cast("Any", Overloaded(index.client)), index.client

    with pytest.raises(TransportError) as raised:
        await index.write([thing("a"), thing("b")])

    index.client = kept
    assert fault_of(raised.value) is Fault.PASSING


async def test_what_is_written_is_found_at_once(index: Index) -> None:
    await index.write([thing("a"), thing("b")])

    assert await names(index) == ["a.1", "b.1"]
    assert await index.count() == 2


async def test_writing_it_again_changes_nothing(index: Index) -> None:
    for _ in range(3):
        await index.write([thing("a"), thing("b")])

    assert await names(index) == ["a.1", "b.1"]


async def test_the_highest_version_stays_in_whatever_order_versions_come(index: Index) -> None:
    order = [1, 2, 3, 4, 5, 2, 5]
    random.Random(7).shuffle(order)

    for version in order:
        await index.write([thing("a", version)])

    assert await names(index) == ["a.5"]


async def test_an_old_version_in_a_batch_keeps_none_of_the_others_back(index: Index) -> None:
    await index.write([thing("a", 2)])

    await index.write([thing("a", 1), thing("b", 1)])

    assert await names(index) == ["a.2", "b.1"]


async def test_a_document_that_does_not_fit_is_told(index: Index) -> None:
    with pytest.raises(RequestError, match="400"):
        await index.write([Indexed("a", 1, {"unknown": 1})])

    assert await index.count() == 0


async def test_a_rebuild_holds_what_it_was_given_and_nothing_else(index: Index) -> None:
    await index.write([thing("old")])
    seen: list[int] = []

    await index.rebuild(batches([thing("a"), thing("b")], [thing("c")]), seen.append)

    assert await names(index) == ["a.1", "b.1", "c.1"]
    assert seen == [2, 1]


async def test_what_is_written_during_a_rebuild_is_in_the_new_index_too(index: Index) -> None:
    async def slowly() -> AsyncIterator[Sequence[Indexed]]:
        yield [thing("a", 1)]
        await index.write([thing("a", 2), thing("late")])
        yield [thing("b")]

    await index.rebuild(slowly())

    assert await names(index) == ["a.2", "b.1", "late.1"]


async def test_nobody_who_searches_notices_a_rebuild(index: Index) -> None:
    everything = [thing(f"{number:03}") for number in range(200)]
    await index.write(everything)
    stop = asyncio.Event()

    async def search() -> set[int]:
        seen: set[int] = set()
        while not stop.is_set():
            seen.add(await index.count())
            seen.add(len(await names(index)))
        return seen

    searching = [asyncio.create_task(search()) for _ in range(4)]
    for _ in range(5):
        await index.rebuild(batches(everything[:100], everything[100:]))
    stop.set()

    assert set().union(*await asyncio.gather(*searching)) == {200}


async def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: Index) -> None:
    await index.write([thing("a")])

    async def breaking() -> AsyncIterator[Sequence[Indexed]]:
        yield [thing("b")]
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        await index.rebuild(breaking())
    await index.write([thing("c")])

    assert await names(index) == ["a.1", "c.1"]


async def test_a_rebuild_whose_answers_get_lost_is_not_done_twice(index: Index) -> None:
    transport: Any = AskedTwice(index.client.transport)
    index.client.transport = transport

    for name in ("one", "other"):
        await index.rebuild(batches([thing("a", name=name)]))

        assert await names(index) == [name]


async def test_rebuilds_leave_no_more_than_the_last_index_behind(index: Index) -> None:
    for _ in range(4):
        await index.rebuild(batches([thing("a")]))

    assert len(await index.client.indices.get(index=f"{index.alias}*")) <= 2


async def test_what_another_process_writes_during_a_rebuild_is_in_the_new_index_too(index: Index) -> None:
    other = Index(index.client, index.alias, BODY, "1")

    async def slowly() -> AsyncIterator[Sequence[Indexed]]:
        yield [thing("a")]
        await other.write([thing("late")])

    await index.rebuild(slowly())

    assert await names(index) == ["a.1", "late.1"]


async def test_rebuilds_of_two_processes_at_once_both_end_well(index: Index) -> None:
    other = Index(index.client, index.alias, BODY, "1")

    async def slowly() -> AsyncIterator[Sequence[Indexed]]:
        yield [thing("a")]
        await other.rebuild(batches([thing("a")]))
        await other.write([thing("late")])

    await index.rebuild(slowly())

    assert await names(index) == ["a.1", "late.1"]
    assert len(await index.client.indices.get(index=f"{index.alias}-*")) <= 2


async def test_what_a_killed_rebuild_left_behind_is_cleared_away_by_the_next_life(index: Index) -> None:
    for owner in ("0", "1"):
        with pytest.raises(ZeroDivisionError):
            await Killed(index.client, index.alias, BODY, owner).rebuild(dying())

    await index.rebuild(batches([thing("a")]))
    assert len(await index.client.indices.get(index=f"{index.alias}-*")) == 3
    await Index(index.client, index.alias, BODY, "1").rebuild(batches([thing("a")]))
    assert len(await index.client.indices.get(index=f"{index.alias}-*")) == 2


async def test_what_a_rebuild_left_behind_that_nobody_owns_any_more_is_cleared_away_in_the_end(
    index: Index,
) -> None:
    left = {f"{index.alias}-20200101000000-0": "old", f"{index.alias}-29990101000000-0": "young"}
    for name, age in left.items():
        body = {**BODY, "aliases": {f"{index.alias}-coming-{age}": {}}}
        await index.client.indices.create(index=name, body=body)

    await index.rebuild(batches([thing("a")]))

    assert [await index.client.indices.exists(index=name) for name in left] == [False, True]


async def test_an_index_that_is_not_there_holds_nothing(settings: Settings) -> None:
    client = connect(settings.opensearch)
    nowhere: Any = Index(client, f"{settings.prefix}nowhere", BODY, "0")

    assert not await nowhere.exists()
    assert await nowhere.count() == 0
    await client.close()


async def test_writing_where_no_index_is_does_not_make_a_wrong_one(settings: Settings) -> None:
    client = connect(settings.opensearch)
    lost = Index(client, f"{settings.prefix}lost-{uuid4().hex[:8]}", BODY, "0")

    await asyncio.gather(lost.write([thing("a")]), return_exceptions=True)
    await lost.rebuild(batches([thing("a")]))

    assert await names(lost) == ["a.1"]
    await client.close()
