"""B3: matching one entry against ever more subscriptions, of which always eight match."""

import random
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from services.spread.collections import SUBSCRIPTIONS
from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription, Wanted
from services.spread.storage import SpreadStorage
from shared.contracts.base import Content, Kind
from shared.contracts.codify import EntryPublished
from shared.storage.document import Document
from tests.benchmarks.ground import fresh, given_servers
from tests.benchmarks.journey import WrongCount
from tests.benchmarks.measuring import figure, slope
from tests.benchmarks.results import Curve, Figure, Result
from tests.benchmarks.scale import Scale
from tests.benchmarks.spreading import fill, spread
from tests.support.spreading import published
from tests.support.subscribing import subscription

MATCHING: Final = 8
SAME_TOPIC: Final = 16
TOGETHER: Final = 20
TOPIC: Final = "finance/invoicing"
WORDS: Final = ("ledger", "quartz", "umbrella", "kiwi", "tango", "matrix", "violet", "amber")
TITLE: Final = "Matching one entry against ever more subscriptions"


async def measure(scale: Scale) -> Result:
    """For each number of subscriptions: entries one by one, and twenty in a batch as a busy service has them."""
    single: list[tuple[float, float]] = []
    batch: list[tuple[float, float]] = []
    for count in scale.subscriptions:
        alone, together = await _at(count, scale.questions)
        single.append((count, median(alone)))
        batch.append((count, median(together)))
    real = "opensearch" in given_servers()
    most = scale.subscriptions[-1]
    goal = 10.0 if real and most >= 100_000 else None
    figures = (
        _slope("slope, one entry at a time", single, 0.1),
        _slope("slope, twenty entries together", batch, 0.1),
        figure(f"one entry, alone, {most:,} subscriptions", alone, "ms", goal),
        figure(f"an entry of twenty, {most:,} subscriptions", together, "ms", goal),
    )
    lines = {"one entry at a time": single, "an entry of twenty together": batch}
    plot = Curve("Time to match an entry", "text subscriptions", "ms an entry", lines)
    notes = (
        f"All subscriptions ask for words; {SAME_TOPIC} follow the entry's topic, {MATCHING} of them match.",
        f"The server is {'a real OpenSearch' if real else 'the embedded one, which has no percolator'}.",
    )
    return Result("B3", TITLE, figures, (plot,), None, notes)


def _slope(name: str, points: Sequence[tuple[float, float]], goal: float) -> Figure:
    found = slope(points)
    return Figure(name, found, found, found, 1, "", goal)


async def _at(count: int, questions: int) -> tuple[list[float], list[float]]:
    async with fresh() as ground, spread(ground.settings) as storage:
        await fill(storage.documents, SUBSCRIPTIONS, _subscriptions(count))
        await storage.searching.rebuild()
        # The batches first: a Java server that has just been started answers its first hundred questions slowly.
        together = [await _match(storage, TOGETHER, number) for number in range(questions)]
        alone = [await _match(storage, 1, number) for number in range(questions)]
    return alone[1:], together[1:]


async def _match(storage: SpreadStorage, many: int, number: int) -> float:
    entries = [_entry(f"e{many}-{number}-{place}") for place in range(many)]
    await storage.searching.entries.took([_document(entry) for entry in entries])
    began = time.perf_counter()
    found = await storage.matching(entries)
    seconds = time.perf_counter() - began
    if [len(one) for one in found] != [MATCHING] * many:
        raise WrongCount(f"{[len(one) for one in found]} subscriptions match instead of {MATCHING} each.")
    return seconds * 1000 / many


def _entry(key: str) -> EntryPublished:
    body = f"What the {' '.join(WORDS)} have in common with an invoice and its purchase order."
    said = published(key, "Match invoices")
    content = Content(kind=Kind.TRICK, title="Match invoices", body=body, topics=(TOPIC,))
    return EntryPublished.model_validate(dict(said) | {"content": content})


def _document(entry: EntryPublished) -> Document[SpreadEntry]:
    return Document(entry.entry_id, 1, SpreadEntry.model_validate(dict(entry)))


def _subscriptions(count: int) -> Iterator[tuple[str, Subscription]]:
    chance = random.Random(1)
    for number in range(count):
        if number < SAME_TOPIC:
            matching = number < MATCHING
            text = WORDS[number] if matching else f"absent{number}"
            wanted = Wanted(topics=(TOPIC,), query=f"{text} invoice")
        else:
            other = f"area{number % 997}/part{number % 31}"
            wanted = Wanted(topics=(other,), query=f"{chance.choice(WORDS)} invoice")
        yield f"s{number:06}", subscription(f"s{number:06}", wanted)
