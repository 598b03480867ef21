"""Spread's storage and index in this process, without Kafka, filled with as much as a benchmark needs."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

from services.spread.events import ROWS
from services.spread.searching import Searching
from services.spread.storage import SpreadStorage
from shared.flow.flow import collections_of
from shared.settings import Settings
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from shared.storage.drivers import close, connect
from shared.storage.search import connect as connect_search

CHUNK = 1000


@asynccontextmanager
async def spread(settings: Settings) -> AsyncIterator[SpreadStorage]:
    """The storage, until the block ends."""
    client = connect(settings.mongodb, settings.driver)
    search = connect_search(settings.opensearch)
    documents = Documents(client[f"{settings.prefix}knowhow_spread"])
    try:
        await documents.prepare(collections_of(ROWS))
        yield SpreadStorage(documents, Searching(documents, search, settings.prefix, settings.instance))
    finally:
        await search.close()
        await close(client)


async def fill(documents: Documents, collection: Collection[Any], states: Iterable[tuple[str, Any]]) -> None:
    """Store these states under their ids, as documents that have nothing to say."""
    left = iter(states)
    while chunk := list(islice(left, CHUNK)):
        lost = await documents.save(collection, [Document(key, state=state) for key, state in chunk])
        assert not lost, "the ids are not new"
