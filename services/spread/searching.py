"""Keeps spread's search indexes equal to its documents, whatever happened to the server, and asks them."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import NotFoundError

from services.spread.collections import ENTRIES, SUBSCRIPTIONS
from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription
from services.spread.following import StoredFollowing
from services.spread.index import ENTRIES_INDEX, MATCHED_INDEX, QUERIES_INDEX, indexed
from services.spread.matching import (
    Forbidden,
    Matcher,
    Percolator,
    ReverseSearch,
    has_percolator,
    stored_query,
)
from shared.flow.errors import Fault, Passing, fault_of
from shared.observability.metrics import INDEX_BEHIND, INDEX_STALE, Measured
from shared.observability.observer import explained
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents
from shared.storage.search import Index, Indexed

LOOK = 5.0
"""Seconds between looks whether the server still has the indexes."""


log = logging.getLogger(__name__)


@dataclass
class Progress:
    """How far a rebuild has come; `error` says why the last one failed."""

    running: bool = False
    done: int = 0
    total: int = 0
    error: str = ""


class Searching:
    """The index of entries, and the matcher that the server at hand allows.

    `current` is false from the start, and whenever a write failed, until the indexes were rebuilt from the documents;
    `last_current` is when that was last known to be so. `trouble` says why entries cannot be matched, or is empty.
    """

    def __init__(self, documents: Documents, client: AsyncOpenSearch, prefix: str, instance: str) -> None:
        self.documents = documents
        self.client = client
        self.entries = Index(client, f"{prefix}knowhow-entries", ENTRIES_INDEX, instance)
        self.queries = Index(client, f"{prefix}knowhow-subscriptions", QUERIES_INDEX, instance)
        self.matched = Index(client, f"{prefix}knowhow-matched", MATCHED_INDEX, instance)
        self.following = StoredFollowing(documents)
        self.matcher: Matcher = ReverseSearch(client, self.matched, self.following)
        self.current = False
        self.last_current = time.monotonic()
        self.trouble = ""
        self.progress = Progress()
        self._rebuilding = asyncio.Lock()

    async def took_entries(self, documents: Sequence[Document[SpreadEntry]]) -> None:
        """Index what changed; while the server is away, remember to rebuild."""
        await self._write(
            self.entries.write, [indexed(document) for document in documents if document.version]
        )

    async def took_subscriptions(self, documents: Sequence[Document[Subscription]]) -> None:
        """Index what changed, whichever matcher there is: the one that counts may only be known after a rebuild."""
        known = [stored_query(document.known, document.version) for document in documents if document.version]
        await self._write(self.queries.write, known)

    async def _write(self, write: Callable[[Sequence[Indexed]], Any], documents: Sequence[Indexed]) -> None:
        # Until a rebuild has begun, it will find in the documents whatever is not written now.
        if not self.current and not self.progress.running:
            return
        try:
            await write(documents)
        except Exception as error:
            self.current = False
            if fault_of(error) is Fault.UNKNOWN and not isinstance(error, NotFoundError):
                raise

    async def match(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As Matcher.match; a server that lost its index is asked again after a rebuild."""
        try:
            return await self.matcher.match(entries)
        except NotFoundError as error:
            self.current = False
            raise Passing("The search index is being rebuilt.") from error

    async def ensure(self) -> None:
        """Make the indexes equal to the documents if they may not be."""
        if not self.current:
            await self.rebuild()

    async def rebuild(self) -> None:
        """Build all indexes anew from the documents, without a gap for those who search; one rebuild at a time.

        Raises:
            Exception: the server is away; the indexes in use stay as they are.
        """
        async with self._rebuilding:
            self.progress = Progress(running=True)
            try:
                self.progress.total = await _total(self.documents)
                await self._rebuild()
                self.current = True
                log.info("the search index is rebuilt", extra={"count": self.progress.done})
            except Exception as error:
                self.progress.error = f"{type(error).__name__}: {error}"
                log.warning("the search index is not rebuilt", extra={"why": explained(error)})
                raise
            finally:
                self.progress.running = False

    async def _rebuild(self) -> None:
        try:
            await self.queries.rebuild(_sources(self.documents, SUBSCRIPTIONS, _query_of), self._count)
            self.matcher = await self._suitable_matcher()
            await self.entries.rebuild(_sources(self.documents, ENTRIES, indexed), self._count)
        except NotFoundError as error:
            raise Passing("The search server lost an index while it was being rebuilt.") from error

    async def _suitable_matcher(self) -> Matcher:
        if await has_percolator(self.client, self.queries):
            return Percolator(self.client, self.queries, self.following)
        await self.matched.rebuild(_nothing())
        return ReverseSearch(self.client, self.matched, self.following)

    def _count(self, more: int) -> None:
        self.progress.done += more

    async def watch(self) -> None:
        """Notice when the server lost its indexes, and rebuild them, until cancelled."""
        while True:
            try:
                await self._look()
                self.last_current = time.monotonic()
                self.trouble = ""
            except Forbidden as error:
                self.trouble = str(error)
            except NotFoundError:
                self.current = False
            except Exception as error:
                if fault_of(error) is Fault.UNKNOWN:
                    raise
            await asyncio.sleep(LOOK)

    async def measures(self) -> Sequence[Measured]:
        """How far the index of entries is behind the documents, and for how long."""
        stale = 0.0 if self.current else time.monotonic() - self.last_current
        behind = await self.documents.count(ENTRIES, {}) - await self.entries.count()
        return [Measured(INDEX_STALE, stale), Measured(INDEX_BEHIND, max(0, behind))]

    async def _look(self) -> None:
        self.current = self.current and await self.entries.exists() and await self.queries.exists()
        await self.ensure()
        # An operator may forbid it at any time.
        await has_percolator(self.client, self.queries)

    async def search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the index of entries.

        Raises:
            Passing: there is no index at the moment.
        """
        try:
            return dict(await self.client.search(index=self.entries.alias, body=body))
        except NotFoundError as error:
            self.current = False
            raise Passing("The search index is being rebuilt.") from error


def _query_of(document: Document[Subscription]) -> Indexed:
    return stored_query(document.known, document.version)


async def _sources(
    documents: Documents, collection: Collection[Any], source: Callable[[Document[Any]], Indexed]
) -> AsyncIterator[Sequence[Indexed]]:
    async for some in documents.every(collection):
        yield [source(document) for document in some]


async def _nothing() -> AsyncIterator[Sequence[Indexed]]:
    return
    yield ()


async def _total(documents: Documents) -> int:
    return await documents.count(ENTRIES, {}) + await documents.count(SUBSCRIPTIONS, {})
