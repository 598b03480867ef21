"""OpenSearch as a store that can always be rebuilt: versioned indexes behind aliases, idempotent writes."""

import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import NotFoundError, OpenSearchException

__all__ = ["Index", "Indexed", "OpenSearchException", "connect"]

FIRST_ERROR = 400
ALREADY_THERE = 409
"""The status of a write that is not newer than what the index holds."""


def connect(url: str) -> AsyncOpenSearch:
    """A client that gives up within two seconds; its owner closes it."""
    return AsyncOpenSearch(url, timeout=10, max_retries=1, retry_on_timeout=False, pool_maxsize=16)


@dataclass(frozen=True)
class Indexed:
    """A document for the index; of two versions the higher one stays, whichever comes first."""

    id: str
    version: int
    source: Mapping[str, Any]


class Index:
    """One alias, and the index behind it."""

    def __init__(self, client: AsyncOpenSearch, alias: str, body: Mapping[str, Any]) -> None:
        self.client = client
        self.alias = alias
        self.body = body
        self.rebuilding: str | None = None

    async def exists(self) -> bool:
        """True where there is an index behind the alias."""
        return bool(await self.client.indices.exists_alias(name=self.alias))

    async def count(self) -> int:
        """How many documents the index holds; 0 where there is none."""
        try:
            return int((await self.client.count(index=self.alias))["count"])
        except NotFoundError:
            return 0

    async def write(self, documents: Sequence[Indexed]) -> None:
        """Write the documents, visible at once; writing them again, or an older version, changes nothing.

        While the index is being rebuilt the new one gets them too.

        Raises:
            NotFoundError: there is no index; writing would make one without our mapping.
        """
        names = [name for name in (self.rebuilding, self.alias if await self.exists() else None) if name]
        if not names:
            raise NotFoundError(404, "There is no index behind the alias.", {})
        for name in names:
            await self._bulk(name, documents)

    async def _bulk(self, name: str, documents: Sequence[Indexed]) -> None:
        if not documents:
            return
        lines: list[Mapping[str, Any]] = []
        for one in documents:
            lines += [{"index": _versioned(name, one)}, one.source]
        answer = await self.client.bulk(body=lines, refresh=True)
        failed = [item["index"] for item in answer["items"] if item["index"]["status"] >= FIRST_ERROR]
        refused = [item for item in failed if item["status"] != ALREADY_THERE]
        if refused:
            raise RuntimeError(f"OpenSearch refused a document: {refused[0].get('error')}")

    async def rebuild(
        self, batches: AsyncIterator[Sequence[Indexed]], progress: Callable[[int], None] = lambda _: None
    ) -> None:
        """Build the index anew beside the one in use, then put it in its place at once."""
        fresh = f"{self.alias}-{uuid.uuid4().hex[:12]}"
        await self.client.indices.create(index=fresh, body=self.body)
        self.rebuilding = fresh
        try:
            async for batch in batches:
                await self._bulk(fresh, batch)
                progress(len(batch))
            await self._swap(fresh)
        finally:
            self.rebuilding = None

    async def _swap(self, fresh: str) -> None:
        # A search that began on the old index would fail if it were removed now, so it stays until the next swap.
        old, older = await self._behind(self.alias), await self._behind(self._before)
        actions: list[dict[str, Any]] = [{"remove_index": {"index": name}} for name in older]
        for name in old:
            actions += [_alias("remove", name, self.alias), _alias("add", name, self._before)]
        actions.append(_alias("add", fresh, self.alias))
        await self.client.indices.update_aliases(body={"actions": actions})

    @property
    def _before(self) -> str:
        return f"{self.alias}-before"

    async def _behind(self, alias: str) -> list[str]:
        try:
            return list(await self.client.indices.get_alias(name=alias))
        except NotFoundError:
            return []


def _alias(action: str, name: str, alias: str) -> dict[str, Any]:
    return {action: {"index": name, "alias": alias}}


def _versioned(name: str, one: Indexed) -> dict[str, Any]:
    return {"_index": name, "_id": one.id, "version": one.version, "version_type": "external_gte"}
