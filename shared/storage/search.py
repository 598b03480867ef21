"""OpenSearch as a store that can always be rebuilt: versioned indexes behind aliases, idempotent writes."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import (
    HTTP_EXCEPTIONS,
    NotFoundError,
    OpenSearchException,
    RequestError,
    TransportError,
)

__all__ = ["Index", "Indexed", "OpenSearchException", "connect", "refusal"]

BEFORE = "-before"
COMING = "-coming-"
BEGUN = "%Y%m%d%H%M%S"
ABANDONED = timedelta(hours=6)
"""An index that is still being built after that time is nobody's any more."""

FIRST_ERROR = 400
NOWHERE = 404
"""The status of a write under an alias that has no index."""

ALREADY_THERE = 409
"""The status of a write that is not newer than what the index holds."""


def connect(url: str, user: tuple[str, str] | None = None, ca: Path | None = None) -> AsyncOpenSearch:
    """A client that gives up within ten seconds; its owner closes it.

    `user` is a name and a password; `ca` a file with the CA that signed the certificate, unless the system knows it.
    """
    return AsyncOpenSearch(
        url,
        http_auth=user,
        ca_certs=str(ca) if ca else None,
        timeout=10,
        max_retries=1,
        retry_on_timeout=False,
        pool_maxsize=16,
    )


@dataclass(frozen=True)
class Indexed:
    """A document for the index; of two versions the higher one stays, whichever comes first."""

    id: str
    version: int
    source: Mapping[str, Any]


class Index:
    """One alias, and the index behind it; whoever rebuilds it, in whichever process, everybody's writes are in it.

    An index that is being built has an alias of its own meanwhile, under which all who write find it. `owner` is the name of
    the one who builds, the same at every start: what it left behind when it was killed goes as soon as it builds again.
    """

    def __init__(self, client: AsyncOpenSearch, alias: str, body: Mapping[str, Any], owner: str) -> None:
        self.client = client
        self.alias = alias
        self.body = body
        self.coming = f"{alias}{COMING}{hashlib.sha256(owner.encode()).hexdigest()[:12]}-"

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

        Raises:
            NotFoundError: there is no index; writing would make one without our mapping.
            TransportError: the server refuses one of them; the others are written.
        """
        if not documents:
            return
        # The alias comes last: an index that takes it over meanwhile is then written to under its new name.
        names = [*await self._being_built(), self.alias]
        if not any([await self._bulk(name, documents) for name in names]):
            raise NotFoundError(404, "There is no index behind the alias.", {})

    async def _bulk(self, alias: str, documents: Sequence[Indexed]) -> bool:
        """Write under an alias; False where it has no index."""
        lines = [line for one in documents for line in ({"index": _versioned(alias, one)}, one.source)]
        answer = await self.client.bulk(body=lines, refresh=True) if lines else {"items": []}
        failed = [item["index"] for item in answer["items"] if item["index"]["status"] >= FIRST_ERROR]
        refused = [item for item in failed if item["status"] not in {ALREADY_THERE, NOWHERE}]
        if refused:
            raise refusal(refused[0]["status"], refused[0].get("error"))
        return not any(item["status"] == NOWHERE for item in failed)

    async def remove(self, ids: Sequence[str]) -> None:
        """Remove these documents; those that are not there, and those that a server that is away keeps, do no harm."""
        with suppress(OpenSearchException):
            for name in [*await self._being_built(), self.alias]:
                await self.client.bulk(body=[{"delete": {"_index": name, "_id": one}} for one in ids])

    async def rebuild(
        self, batches: AsyncIterator[Sequence[Indexed]], progress: Callable[[int], None] = lambda _: None
    ) -> None:
        """Build the index anew beside the one in use, then put it in its place at once.

        Raises:
            NotFoundError: the server lost the new index half way; the one in use stays.
        """
        await self._clear_away()
        name = f"{self.alias}-{datetime.now(UTC):{BEGUN}}-{uuid.uuid4().hex[:8]}"
        coming = f"{self.coming}{uuid.uuid4().hex[:8]}"
        await self._create(name, coming)
        try:
            async for batch in _ahead(batches):
                await self._fill(coming, batch)
                progress(len(batch))
            await self._swap(name, coming)
        except BaseException:
            await self._remove(name)
            raise

    async def _create(self, name: str, coming: str) -> None:
        try:
            await self.client.indices.create(index=name, body={**self.body, "aliases": {coming: {}}})
        except RequestError as error:
            # The client asks again where an answer was lost; nobody else makes an index of this name.
            if error.error != "resource_already_exists_exception":
                raise

    async def _fill(self, coming: str, batch: Sequence[Indexed]) -> None:
        if not await self._bulk(coming, batch):
            raise NotFoundError(404, "The server lost the index that was being built.", {})

    async def _swap(self, name: str, coming: str) -> None:
        before = f"{self.alias}{BEFORE}"
        for last_try in (False, False, True):
            actions = [_change("remove", name, coming), _change("add", name, self.alias)]
            found = await self._aliases()
            if self.alias in found.get(name, ()):
                # It is done; only the answer was lost, and the client asked again.
                return
            for index, aliases in found.items():
                if before in aliases:
                    actions.append({"remove_index": {"index": index}})
                elif self.alias in aliases:
                    # A search that began on it would fail if it were removed now, so it stays until the next swap.
                    actions += [_change("remove", index, self.alias), _change("add", index, before)]
            try:
                await self.client.indices.update_aliases(body={"actions": actions})
            except NotFoundError:
                # Another rebuild has just put its own index in the place of the old one.
                if last_try:
                    raise
            else:
                return

    async def _aliases(self) -> dict[str, set[str]]:
        found = await self.client.indices.get_alias(name=f"{self.alias}*")
        return {index: set(one["aliases"]) for index, one in found.items()}

    async def _being_built(self) -> list[str]:
        aliases = set().union(*(await self._aliases()).values())
        return [alias for alias in aliases if alias.startswith(f"{self.alias}{COMING}")]

    async def _clear_away(self) -> None:
        """Remove what rebuilds left behind whose process was killed; everybody's writes would go there as well."""
        abandoned = f"{self.alias}-{datetime.now(UTC) - ABANDONED:{BEGUN}}"
        for index, aliases in (await self._aliases()).items():
            own = any(alias.startswith(self.coming) for alias in aliases)
            if own or (self.alias not in aliases and index < abandoned):
                await self._remove(index)

    async def _remove(self, index: str) -> None:
        with suppress(OpenSearchException):
            await self.client.indices.delete(index=index)


async def _ahead(batches: AsyncIterator[Sequence[Indexed]]) -> AsyncIterator[Sequence[Indexed]]:
    """The same, of which the next one is fetched while somebody works on one."""
    coming = asyncio.ensure_future(anext(batches, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(anext(batches, None))
            yield batch
    finally:
        coming.cancel()


def refusal(status: int, error: Any) -> OpenSearchException:
    """What the server says of one among many, as the error that it would be alone."""
    kind = error["type"] if isinstance(error, Mapping) else str(error)
    return HTTP_EXCEPTIONS.get(status, TransportError)(status, kind, error)


def _change(action: str, index: str, alias: str) -> dict[str, Any]:
    return {action: {"index": index, "alias": alias}}


def _versioned(alias: str, one: Indexed) -> dict[str, Any]:
    return {
        "_index": alias,
        "_id": one.id,
        "version": one.version,
        "version_type": "external_gte",
        "require_alias": True,
    }
