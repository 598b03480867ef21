"""Finds entries, and finds who follows an entry: two search indexes, and the matcher that the server at hand allows."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
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
from services.spread.mirror import Mirror
from shared.flow.errors import Fault, Passing, fault_of
from shared.observability.metrics import INDEX_BEHIND, INDEX_STALE, Measured
from shared.observability.observer import explained
from shared.storage.document import Document
from shared.storage.documents import Documents
from shared.storage.search import Index, Indexed

LOOK = 5.0
"""Seconds between looks whether the server still has the indexes."""

ANEW = "The search index is being rebuilt."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a rebuild has come; `error` says why the last one failed."""

    running: bool
    done: int
    total: int
    error: str


class Searching:
    """The index of entries, and that of subscriptions with its matcher; each is rebuilt by itself.

    `last_current` is when both were last known to be equal to the documents. `trouble` says why entries cannot be matched,
    or is empty.
    """

    def __init__(self, documents: Documents, client: AsyncOpenSearch, prefix: str, instance: str) -> None:
        def index(name: str, body: Mapping[str, Any]) -> Index:
            return Index(client, f"{prefix}knowhow-{name}", body, instance)

        self.documents = documents
        self.client = client
        self.entries = Mirror(documents, ENTRIES, index("entries", ENTRIES_INDEX), indexed)
        self.queries = Mirror(documents, SUBSCRIPTIONS, index("subscriptions", QUERIES_INDEX), _query_of)
        self.matched = index("matched", MATCHED_INDEX)
        self.following = StoredFollowing(documents)
        self.last_current = time.monotonic()
        self.trouble = ""
        self._matcher: Matcher | None = None
        self._choosing = asyncio.Lock()
        self._rebuilding = asyncio.Lock()
        self._error = ""

    @property
    def current(self) -> bool:
        """True while both indexes are equal to the documents."""
        return self._matcher is not None and self.queries.current and self.entries.current

    @property
    def progress(self) -> Progress:
        """How far the last rebuild has come."""
        done, total = self.queries.done + self.entries.done, self.queries.total + self.entries.total
        return Progress(self._rebuilding.locked(), done, total, self._error)

    async def match(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As Matcher.match; a server that lost its index is asked again after a rebuild."""
        if not entries:
            return []
        try:
            matcher = await self.matcher()
            return await matcher.match(entries)
        except NotFoundError as error:
            self.queries.current = False
            raise Passing(ANEW) from error

    async def matcher(self) -> Matcher:
        """The matcher that suits the server, once it knows all subscriptions; the index of entries may come later."""
        async with self._choosing:
            await self.queries.heed()
            if self._matcher is None or not self.queries.current:
                self._matcher = None
                await self.queries.ensure()
                self._matcher = await self._suitable_matcher()
            return self._matcher

    async def _suitable_matcher(self) -> Matcher:
        if await has_percolator(self.client, self.queries.index):
            return Percolator(self.client, self.queries.index, self.following)
        await self.matched.rebuild(_nothing())
        return ReverseSearch(self.client, self.matched, self.following)

    async def ensure(self) -> None:
        """Make the indexes equal to the documents if they may not be, without a gap for those who search.

        Raises:
            Exception: the server is away; the indexes in use stay as they are.
        """
        async with self._rebuilding:
            if self.current:
                return
            self._error = ""
            try:
                for mirror in [one for one in (self.queries, self.entries) if not one.current]:
                    await mirror.weigh()
                await self.matcher()
                await self.entries.ensure()
                log.info("the search index is rebuilt", extra={"count": self.progress.done})
            except Exception as error:
                self._error = f"{type(error).__name__}: {error}"
                log.warning("the search index is not rebuilt", extra={"why": explained(error)})
                raise

    async def rebuild(self) -> None:
        """Build both indexes anew, whatever is in them; raises as `ensure`, and is then tried again by the watch."""
        self.queries.current = self.entries.current = False
        await self.ensure()

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
                self.queries.current = False
            except Exception as error:
                if fault_of(error) is Fault.UNKNOWN:
                    raise
            await asyncio.sleep(LOOK)

    async def measures(self) -> Sequence[Measured]:
        """How far the index of entries is behind the documents, and for how long."""
        stale = 0.0 if self.current else time.monotonic() - self.last_current
        behind = await self.documents.count(ENTRIES, {}) - await self.entries.index.count()
        return [Measured(INDEX_STALE, stale), Measured(INDEX_BEHIND, max(0, behind))]

    async def _look(self) -> None:
        await self.queries.look()
        await self.entries.look()
        await self.ensure()
        # An operator may forbid it at any time.
        await has_percolator(self.client, self.queries.index)

    async def search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the index of entries.

        Raises:
            Passing: there is no index at the moment.
        """
        try:
            return dict(await self.client.search(index=self.entries.index.alias, body=body))
        except NotFoundError as error:
            self.entries.current = False
            raise Passing(ANEW) from error


def _query_of(document: Document[Subscription]) -> Indexed:
    return stored_query(document.known, document.version)


async def _nothing() -> AsyncIterator[Sequence[Indexed]]:
    return
    yield ()
