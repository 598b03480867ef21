"""Keeps one search index equal to a collection of documents, whatever happened to the search server."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Generic

from opensearchpy.exceptions import NotFoundError

from services.spread.debts import Debts
from shared.flow.errors import Fault, Passing, fault_of
from shared.storage.document import Collection, Document, State
from shared.storage.documents import Documents
from shared.storage.search import Index, Indexed


class Mirror(Generic[State]):
    """An index that holds what `source` makes of each document.

    `current` is false from the start, and whenever a write failed, until the index was rebuilt from the documents;
    `done` of `total` documents are in the one that was built last, or is being built.
    """

    def __init__(
        self,
        documents: Documents,
        collection: Collection[State],
        index: Index,
        source: Callable[[Document[State]], Indexed],
    ) -> None:
        self.documents = documents
        self.collection = collection
        self.index = index
        self.source = source
        self.debts = Debts(documents, collection.name)
        self.current = False
        self.done = 0
        self.total = 0
        self._taking = False

    async def took(self, documents: Sequence[Document[State]]) -> None:
        """Index what changed; while the server is away, remember to rebuild, and let the other instances know."""
        # Until the next rebuild has begun, it will find in the documents whatever is not written now.
        if not self._taking:
            await self.debts.owe()
            return
        try:
            await self.index.write([self.source(document) for document in documents if document.version])
        except Exception as error:
            self.current = self._taking = False
            await self.debts.owe()
            if fault_of(error) is Fault.UNKNOWN and not isinstance(error, NotFoundError):
                raise

    async def heed(self) -> None:
        """Learn whether another instance could not write something."""
        if self.current and await self.debts.are_open():
            self.current = False

    async def look(self) -> None:
        """Notice when the server lost the index, or did not get everything."""
        await self.heed()
        # What fails while the server is asked must not be forgotten over its answer.
        if self.current and not await self.index.exists():
            self.current = False

    async def weigh(self) -> None:
        """Learn how many documents a rebuild will go through."""
        self.done, self.total = 0, await self.documents.count(self.collection, {})

    async def ensure(self) -> None:
        """Return when the index is equal to the documents, rebuilt if it may not have been; those who search notice nothing.

        Whoever calls it sees to it that it is under way once at a time.

        Raises:
            Exception: the server is away; the index in use stays as it is.
        """
        while not self.current:
            await self._rebuild()

    async def _rebuild(self) -> None:
        await self.weigh()
        owed = await self.debts.owed()
        self._taking = True
        try:
            await self.index.rebuild(self._sources(), self._count)
        except NotFoundError as error:
            raise Passing("The search server lost an index while it was being rebuilt.") from error
        await self.debts.pay(owed)
        self.current = self._taking

    async def _sources(self) -> AsyncIterator[Sequence[Indexed]]:
        async for some in self.documents.every(self.collection):
            yield [self.source(document) for document in some]

    def _count(self, more: int) -> None:
        self.done += more
