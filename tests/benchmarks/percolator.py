"""How long matching one entry takes with ever more subscriptions: `python -m tests.benchmarks.percolator [MOST]`.

Asks a real OpenSearch (KNOWHOW_OPENSEARCH) through the same matcher as spread; some eight subscriptions match each entry.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Wanted
from services.spread.index import QUERIES_INDEX
from services.spread.matching import Percolator, stored_query
from shared.contracts.base import Content, Kind
from shared.storage.search import Index, Indexed, connect
from tests.support.subscribing import Followers, entry, subscription

SIZES = (100, 1_000, 10_000, 100_000)
MATCHES = 8
TOPICS = 20
CHUNK = 5_000
ROUNDS = 40


async def subscriptions(size: int) -> AsyncIterator[Sequence[Indexed]]:
    """So many subscriptions to a topic and a word, each word in as many as are to match."""
    for start in range(0, size, CHUNK):
        numbers = range(start, min(size, start + CHUNK))
        yield [
            stored_query(subscription(f"s{n}", Wanted(topics=(topic(n),), query=word(n))), 1) for n in numbers
        ]


def topic(number: int) -> str:
    """The topic of a group of subscriptions that share a word."""
    return f"topic/{number // MATCHES % TOPICS}"


def word(number: int) -> str:
    """A word that no other group has."""
    return f"word{number // MATCHES}"


def asked(number: int) -> SpreadEntry:
    """An entry that one group matches."""
    title = f"How {word(number)} helps"
    return entry(
        f"e{number}",
        Content(kind=Kind.TRICK, title=title, body="In few words. " * 100, topics=(topic(number),)),
    )


async def measure(size: int) -> None:
    """Print one line of the table."""
    async with connect(os.environ["KNOWHOW_OPENSEARCH"]) as client:
        queries = Index(client, f"bench-{uuid4().hex[:8]}", QUERIES_INDEX, "bench")
        await queries.rebuild(subscriptions(size))
        followers = Followers(
            [subscription(f"s{n}", Wanted(topics=(topic(n),), query=word(n))) for n in range(MATCHES)]
        )
        matcher = Percolator(client, queries, followers)
        alone = [await timed(matcher, [asked(0)]) for _ in range(ROUNDS)]
        many = [await timed(matcher, [asked(0)] * 20) / 20 for _ in range(ROUNDS // 4)]
        figures = min(alone), statistics.median(alone), sorted(alone)[-2], statistics.median(many)
        row = f"{size:>9,}" + "".join(f"{figure:>10.1f}" for figure in figures)
        print(row)  # noqa: T201
        await client.indices.delete(index=f"{queries.alias}-*")


async def timed(matcher: Percolator, entries: Sequence[SpreadEntry]) -> float:
    """Milliseconds that matching them takes."""
    start = time.perf_counter()
    found = await matcher.match(entries)
    took = (time.perf_counter() - start) * 1000
    assert [len(one) for one in found] == [MATCHES] * len(entries)
    return took


async def main(most: int) -> None:
    """Print the table."""
    print("   stored     least       p50       p95  each of 20   (ms)")  # noqa: T201
    for size in [size for size in SIZES if size <= most]:
        await measure(size)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]))
