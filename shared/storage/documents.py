"""Documents: one aggregate each, with what it has said; loaded and saved in batches."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from shared.pieces import pieces
from shared.storage.document import Collection, Document, State
from shared.storage.drivers import BulkWriteError, InsertOne, ReplaceOne, failures_of, is_in_doubt

DUPLICATE_KEY = 11000

WRITTEN = 250
"""Documents that one request writes, so that it is answered well before the client gives up."""

AT_ONCE = 500
"""Documents that are held in memory where all of a collection are gone through."""

FOUND = 50
"""Ids that one query names: SecantusDB's time for it grows with their square (200 take 38 ms, four times 50 take 16)."""


@dataclass(frozen=True)
class Page(Generic[State]):
    """Some documents of a query, and the key after which the next ones begin."""

    documents: list[Document[State]]
    after: tuple[Any, str] | None = None


@dataclass(frozen=True)
class Query:
    """What to find, and in which order; `after` is the last key of the page before."""

    where: Mapping[str, Any] = field(default_factory=dict)
    by: str = "_id"
    newest_first: bool = False
    limit: int = 50
    after: tuple[Any, str] | None = None

    def filter(self) -> dict[str, Any]:
        """The query's conditions, continued behind `after`."""
        if self.after is None:
            return dict(self.where)
        value, last = self.after
        beyond = "$lt" if self.newest_first else "$gt"
        behind = [{self.by: {beyond: value}}, {self.by: value, "_id": {beyond: last}}]
        return {"$and": [dict(self.where), {"$or": behind}]}

    def sort(self) -> list[tuple[str, int]]:
        """The order, made unique by the id."""
        way = -1 if self.newest_first else 1
        return [(self.by, way)] if self.by == "_id" else [(self.by, way), ("_id", way)]


@dataclass(frozen=True)
class Span:
    """The marks between two, which themselves are not in it."""

    above: str
    below: str

    def __contains__(self, mark: str) -> bool:
        return self.above < mark < self.below

    def filter(self) -> dict[str, Any]:
        """The documents under these marks."""
        return {"mark": {"$gt": self.above, "$lt": self.below}}


class Documents:
    """A service's own database, seen as collections of documents."""

    def __init__(self, database: Any) -> None:
        self.database = database

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None:
        """Make the indexes that queries and the sweep need; repeating it changes nothing."""
        for collection in collections:
            for fields in ("mark", *collection.indexes):
                keys = [(name, 1) for name in fields.split(",")]
                await self.database[collection.name].create_index(keys)

    async def load(self, collection: Collection[State], ids: Iterable[str]) -> dict[str, Document[State]]:
        """The documents of these ids that exist, however many."""
        table, found = self.database[collection.name], list[Mapping[str, Any]]()
        for part in pieces(list(ids), FOUND):
            found += await table.find({"_id": {"$in": part}}).to_list(len(part))
        return {raw["_id"]: _document(collection, raw) for raw in found}

    async def get(self, collection: Collection[State], key: str) -> Document[State] | None:
        """One document, or None."""
        raw = await self.database[collection.name].find_one({"_id": key})
        return _document(collection, raw) if raw else None

    async def page(self, collection: Collection[State], query: Query) -> Page[State]:
        """One page of a query, without histories; the order is total, so that pages neither repeat nor skip."""
        cursor = self.database[collection.name].find(
            query.filter(), {"history": 0}, sort=query.sort(), limit=query.limit + 1
        )
        rows = await cursor.to_list(query.limit + 1)
        documents = [_document(collection, raw) for raw in rows[: query.limit]]
        last = rows[query.limit - 1] if len(rows) > query.limit else None
        return Page(documents, (_value(last, query.by), last["_id"]) if last else None)

    async def values(self, collection: Collection[Any], ids: Iterable[str], path: str) -> dict[str, Any]:
        """What stands at this path in the documents of these ids that exist; nothing else of them is read."""
        table, found = self.database[collection.name], list[Mapping[str, Any]]()
        for part in pieces(list(ids), FOUND):
            found += await table.find({"_id": {"$in": part}}, {path: 1}).to_list(len(part))
        return {raw["_id"]: _value(raw, path) for raw in found}

    async def every(
        self, collection: Collection[State], at_once: int = AT_ONCE
    ) -> AsyncIterator[list[Document[State]]]:
        """All documents, so many at a time and in no order; what is written meanwhile may be among them or not."""
        # SecantusDB looks through the whole collection for each page, and only once for a cursor.
        cursor = self.database[collection.name].find({}, batch_size=at_once)
        try:
            while rows := await cursor.to_list(at_once):
                yield [_document(collection, raw) for raw in rows]
        finally:
            await cursor.close()

    async def marked(self, collection: Collection[State], span: Span) -> list[Document[State]]:
        """All documents under these marks."""
        found = self.database[collection.name].find(span.filter())
        return [_document(collection, raw) for raw in await found.to_list(None)]

    async def count(self, collection: Collection[Any], where: Mapping[str, Any]) -> int:
        """How many documents meet the condition."""
        return int(await self.database[collection.name].count_documents(dict(where)))

    async def save(self, collection: Collection[State], documents: Sequence[Document[State]]) -> set[str]:
        """Write each document as its next version, in bulk; the ids that somebody else had changed meanwhile.

        What is not in the answer is stored and journaled. Saving a document again is a conflict, never a second version.

        Raises:
            ValueError: a document was read without its history; nothing of its part is written.
        """
        return set().union(*[await self._save(collection, part) for part in pieces(documents, WRITTEN)])

    async def _save(self, collection: Collection[State], documents: Sequence[Document[State]]) -> set[str]:
        writes = [_write(document) for document in documents]
        try:
            await self.database[collection.name].bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            return {documents[index].id for index in _conflicts(error)}
        return set()


def _conflicts(error: BulkWriteError) -> list[int]:
    failures = failures_of(error)
    others = [failure for failure in failures if failure["code"] != DUPLICATE_KEY]
    if others or is_in_doubt(error) or not failures:
        raise error
    return [failure["index"] for failure in failures]


def _write(document: Document[Any]) -> InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]]:
    document.must_be_whole()
    raw = {
        "_id": document.id,
        "version": document.version + 1,
        "state": document.state.model_dump() if document.state else None,
        "history": list(document.history),
        "announced": document.announced,
        "mark": document.mark,
    }
    if document.version == 0:
        return InsertOne(raw)
    # An upsert makes a version that somebody else wrote a duplicate key, and so a conflict like that of an insert.
    return ReplaceOne({"_id": document.id, "version": document.version}, raw, upsert=True)


def _document(collection: Collection[State], raw: Mapping[str, Any]) -> Document[State]:
    return Document(
        id=raw["_id"],
        version=raw["version"],
        state=collection.model.model_validate(raw["state"]),
        history=tuple(raw.get("history", ())),
        announced=raw["announced"],
        mark=raw["mark"],
        whole="history" in raw,
    )


def _value(raw: Mapping[str, Any], path: str) -> Any:
    value: Any = raw
    for name in path.split("."):
        value = value[name]
    return value
