"""B6: what one item costs while ever more are stored."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, Final

from services.codify.domain.review import Review
from services.codify.storage import REVIEWS
from services.discover.domain.item import Item
from services.discover.storage import ITEMS
from services.share.domain.shared_item import SharedItem
from services.share.storage import ITEMS as SHARED
from shared.contracts.share import Evidence
from shared.settings import Settings
from shared.storage.documents import Documents
from shared.storage.drivers import close, connect
from tests.benchmarks.crew import crew
from tests.benchmarks.ground import Ground
from tests.benchmarks.items import captured
from tests.benchmarks.journey import OURS, SERVICES, go_round, opened, verify
from tests.benchmarks.measuring import cpu_seconds, figure, slope
from tests.benchmarks.results import Curve, Figure, Result
from tests.benchmarks.scale import Scale
from tests.benchmarks.spreading import fill
from tests.support.subscribing import NOW

TITLE: Final = "CPU of an item while ever more are stored"
FIRST_STORED: Final = 10_000_000
RUNS: Final = 3
FILLED: Final = ("items", "reviews")
"""The collections that are filled up, by their names, whichever service has them."""


async def measure(scale: Scale) -> Result:
    """The same house all the time, filled up further between the runs."""
    points: list[tuple[float, float]] = []
    servers: list[tuple[float, float]] = []
    filled, went_round = 0, scale.warm_up
    async with crew(OURS, SERVICES) as ours, opened(ours) as ground:
        await go_round(ours, ground, 0, went_round)
        for size in scale.stored:
            await _fill(ground.settings, filled, size)
            filled = size
            for _ in range(RUNS):
                before, stored = _spent(ground), filled + went_round + scale.items / 2
                run = await go_round(ours, ground, went_round, scale.items)
                points.append((stored, run.cpu_ms))
                servers.append((stored, (_spent(ground) - before) * 1000 / scale.items))
                went_round += scale.items
                await verify(ground, went_round, dict.fromkeys(FILLED, filled))
    lines = {"the house": points} | ({"the embedded servers": servers} if ground.pids else {})
    figures = (*(_slope(who, points) for who, points in lines.items()), *_by_size(points))
    plot = Curve("CPU of an item's journey", "items stored meanwhile", "ms an item", lines)
    return Result("B6", TITLE, figures, (plot,), None, _NOTES)


_NOTES: Final = (
    "Stored means: as an item in discover, as a shared item in share, as an open review in codify.",
    "What a missing index costs is the servers' CPU; that of servers somewhere else cannot be seen.",
    f"{RUNS} runs at each size. What went round before, and half of the run itself, is counted as stored.",
)


def _spent(ground: Ground) -> float:
    return sum(cpu_seconds(pid) for pid in ground.pids.values())


def _slope(who: str, points: Sequence[tuple[float, float]]) -> Figure:
    found = slope(points)
    return Figure(f"slope of log CPU over log stored items, {who}", found, found, found, 1, "", 0.05)


def _by_size(points: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for start in range(0, len(points), RUNS):
        stored, costs = zip(*points[start : start + RUNS], strict=True)
        yield figure(f"CPU an item, {median(stored):,.0f} stored", costs, "ms")


async def _fill(settings: Settings, before: int, size: int) -> None:
    client = connect(settings.mongodb, "pymongo")
    try:
        for service, collection, state in _KINDS:
            documents = Documents(client[f"{settings.prefix}knowhow_{service}"])
            await fill(documents, collection, _states(state, before, size))
    finally:
        await close(client)


def _states(state: Any, before: int, size: int) -> Iterator[tuple[str, Any]]:
    for number in range(FIRST_STORED + before, FIRST_STORED + size):
        wish = captured(number)
        yield wish.item_id, state(version=1, **dict(wish))


def _item(**known: Any) -> Item:
    return Item(**known, captured_at=NOW, since=NOW)


def _review(**known: Any) -> Review:
    return Review(**known, evidence=Evidence(), opened_at=NOW)


_KINDS: Final = (("discover", ITEMS, _item), ("share", SHARED, SharedItem), ("codify", REVIEWS, _review))
