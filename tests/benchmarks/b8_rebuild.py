"""B8: rebuilding the search index from the documents, against sending the same to `_bulk`."""

import time
from collections.abc import Iterator
from typing import Any, Final

from services.spread.collections import ENTRIES
from services.spread.domain.feed import SpreadEntry
from services.spread.index import ENTRIES_INDEX, indexed
from services.spread.storage import SpreadStorage
from shared.storage.document import Document
from tests.benchmarks.ground import fresh
from tests.benchmarks.items import content
from tests.benchmarks.journey import WrongCount
from tests.benchmarks.measuring import Run, figure, in_turns
from tests.benchmarks.results import Result
from tests.benchmarks.scale import Scale
from tests.benchmarks.spreading import fill, spread
from tests.support.subscribing import entry

TITLE: Final = "Rebuilding the search index, against raw _bulk"
CHUNK: Final = 500
RAW: Final = "raw"


async def measure(scale: Scale) -> Result:
    """Both in turns, on the same documents and the same server."""
    entries = dict(_entries(scale.entries))
    async with fresh() as ground, spread(ground.settings) as storage:
        await fill(storage.documents, ENTRIES, entries.items())
        await storage.searching.rebuild()
        lines = list(_lines(entries))

        async def rebuild() -> Run:
            return await _rebuilt(storage, len(entries))

        async def raw() -> Run:
            return await _measured(storage, lambda: _raw(storage, lines), RAW, len(entries))

        pairs = await in_turns(scale.pairs, rebuild, raw)
    relative = figure("our CPU a document, to raw _bulk", [one.cpu_ms / other.cpu_ms for one, other in pairs])
    figures = (
        figure("rate, to raw _bulk", [one.rate / other.rate for one, other in pairs], "", 0.70, "high"),
        figure("documents a second", [one.rate for one, _ in pairs], "/s", None, "high"),
        relative,
    )
    notes = (
        "The rebuild reads its documents from MongoDB, makes what is indexed of them, and swaps the alias.",
    )
    return Result("B8", TITLE, figures, (), relative, notes)


def _entries(count: int) -> Iterator[tuple[str, SpreadEntry]]:
    return ((f"e{number:07}", entry(f"e{number:07}", content(number))) for number in range(count))


def _lines(entries: dict[str, SpreadEntry]) -> Iterator[list[dict[str, Any]]]:
    made = [indexed(Document(key, 1, state)) for key, state in entries.items()]
    for start in range(0, len(made), CHUNK):
        chunk = made[start : start + CHUNK]
        yield [
            line for one in chunk for line in ({"index": {"_index": RAW, "_id": one.id}}, dict(one.source))
        ]


async def _raw(storage: SpreadStorage, lines: list[list[dict[str, Any]]]) -> None:
    client = storage.searching.client
    await client.indices.delete(index=RAW, ignore_unavailable=True)
    await client.indices.create(index=RAW, body=ENTRIES_INDEX)
    for chunk in lines:
        await client.bulk(body=chunk)
    await client.indices.refresh(index=RAW)


async def _rebuilt(storage: SpreadStorage, expected: int) -> Run:
    alias = storage.searching.entries.index.alias
    before = await storage.searching.client.indices.get_alias(name=alias)
    run = await _measured(storage, storage.searching.rebuild, alias, expected)
    if await storage.searching.client.indices.get_alias(name=alias) == before:
        raise WrongCount("The rebuild left the index behind the alias that had been there before.")
    return run


async def _measured(storage: SpreadStorage, do: Any, index: str, expected: int) -> Run:
    cpu, began = time.process_time(), time.monotonic()
    await do()
    run = Run(expected, time.monotonic() - began, {"this process": time.process_time() - cpu})
    found = (await storage.searching.client.count(index=index))["count"]
    if found != expected:
        raise WrongCount(f"{index} holds {found} of {expected} documents.")
    return run
