"""Documents in memory, for what only reads them."""

from collections.abc import Iterable
from typing import Any

from shared.storage.document import Collection, Document
from shared.storage.documents import Documents, Page, Query


class Shelves(Documents):
    """Holds states by collection and id; a page has everything, whatever the query asks."""

    def __init__(self) -> None:
        super().__init__(None)
        self.shelves: dict[str, dict[str, Document[Any]]] = {}

    def put(self, collection: Collection[Any], **states: Any) -> None:
        """Keep these states under their names, where dashes are written as underscores."""
        shelf = self.shelves.setdefault(collection.name, {})
        for name, state in states.items():
            key = name.replace("_", "-")
            shelf[key] = Document(key, 1, state)

    async def load(self, collection: Collection[Any], ids: Iterable[str]) -> dict[str, Document[Any]]:
        """Those of these that there are."""
        shelf = self.shelves.get(collection.name, {})
        return {key: shelf[key] for key in ids if key in shelf}

    async def page(self, collection: Collection[Any], query: Query) -> Page[Any]:  # noqa: ARG002
        """All there are."""
        return Page(list(self.shelves.get(collection.name, {}).values()))
