"""Spread without Kafka: what it would hear is stored through its own table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from services.spread.collections import DELIVERIES, ENTRIES, SUBSCRIPTIONS
from services.spread.domain.subscription import Wanted
from services.spread.events import ROWS
from services.spread.searching import Searching
from services.spread.storage import SpreadStorage
from shared.contracts.base import Content, Kind, Who
from shared.contracts.codify import EntryPublished, EntryRevised
from shared.contracts.share import Evidence
from shared.flow.ending import end
from shared.settings import Settings
from shared.storage.document import Collection, Document, stored
from shared.storage.documents import AT_ONCE, Documents, Query
from shared.storage.search import connect
from tests.support.counting import Counting
from tests.support.desk import Desk, desk
from tests.support.subscribing import entry, subscription

KIWI = Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",))


class Paused(Documents):
    """Stops once in the middle of a rebuild: after everything was read, and before it counts."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.read = asyncio.Event()
        self.go_on = asyncio.Event()

    async def every(
        self, collection: Collection[Any], at_once: int = AT_ONCE
    ) -> AsyncIterator[list[Document[Any]]]:
        """Read, then wait for the test."""
        found = [some async for some in super().every(collection, at_once)]
        if collection is ENTRIES:
            self.read.set()
            await self.go_on.wait()
        for some in found:
            yield some


@asynccontextmanager
async def spread(
    settings: Settings, address: str, kind: type[Documents] = Documents
) -> AsyncIterator[tuple[Desk, Searching]]:
    """Spread without Kafka: what it would hear is stored through its own table."""
    async with desk(settings, Counting(f"spread-{uuid4().hex[:8]}"), rows=ROWS) as one:
        async with connect(address) as client:
            prefix = f"{settings.prefix}{uuid4().hex[:8]}"
            made = Searching(kind(one.documents.database), client, prefix, settings.instance)
            one.flow.storage = SpreadStorage(one.documents, made)
            one.flow.projections = {
                ENTRIES.name: made.entries.took,
                SUBSCRIPTIONS.name: made.queries.took,
            }
            yield one, made


@asynccontextmanager
async def watched(searching: Searching) -> AsyncIterator["asyncio.Task[None]"]:
    """Its watch, until the block ends."""
    task = asyncio.create_task(searching.watch())
    try:
        yield task
    finally:
        await end([task])


async def save(documents: Documents, collection: Collection[Any], document: Document[Any], took: Any) -> None:
    """Store a document as a batch does, and tell the index."""
    assert not await documents.save(collection, [document])
    await took([stored(document)])


@asynccontextmanager
async def rebuilding(searching: Searching) -> AsyncIterator[Paused]:
    """A rebuild that has read everything; it ends with the block, once it may go on."""
    assert isinstance(searching.documents, Paused)
    task = asyncio.create_task(searching.rebuild())
    await searching.documents.read.wait()
    yield searching.documents
    await task


def published(key: str, title: str, version: int = 1) -> EntryPublished | EntryRevised:
    """Codify's word that an entry has this version."""
    kind = EntryPublished if version == 1 else EntryRevised
    known = dict(entry(key, KIWI.model_copy(update={"title": title}), version))
    known.pop("retired")
    who = Who(id="c", name="C", department="d")
    return kind(**known, content_sha256="x", approved_by=who, evidence=Evidence())


async def followed(one: Desk, *texts: str) -> None:
    """One department for each text that follows it."""
    for text in texts:
        wanted = subscription(text, Wanted(topics=("it",), query=text)).model_copy(
            update={"department": text}
        )
        await one.documents.save(SUBSCRIPTIONS, [Document(text, state=wanted)])


async def delivered(one: Desk) -> set[tuple[str, int, str]]:
    """Which version of what reached whom."""
    page = await one.documents.page(DELIVERIES, Query(limit=1000))
    return {(it.known.entry_id, it.known.version, it.known.department) for it in page.documents}


async def titles(searching: Searching) -> set[str]:
    """The titles of all that is found."""
    found = await searching.search({"size": 1000, "query": {"match_all": {}}})
    return {hit["_source"]["title"] for hit in found["hits"]["hits"]}


async def same(one: Desk, searching: Searching) -> None:
    page = await one.documents.page(ENTRIES, Query(limit=1000))
    with suppress(Exception):
        assert await titles(searching) == {it.known.content.title for it in page.documents}
        return
    raise AssertionError("the index is not what the documents are")
