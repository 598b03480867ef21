"""B5: what each service holds in memory, idle and after much has gone through it."""

from typing import Final

from tests.benchmarks.crew import crew
from tests.benchmarks.journey import OURS, SERVICES, go_round, opened, verify
from tests.benchmarks.measuring import memory_mb
from tests.benchmarks.results import Curve, Figure, Result
from tests.benchmarks.scale import Scale

PORTIONS: Final = 10
TITLE: Final = "Memory of each service, idle and after load"
GOAL_MB: Final = 90.0
GOAL_GROWTH: Final = 1.10


async def measure(scale: Scale) -> Result:
    """Each service as a process of its own, with web server and all, looked at between portions of the load."""
    portion = scale.load // PORTIONS
    async with crew(OURS, SERVICES) as ours, opened(ours) as ground:
        seen = {name: [(1.0, memory_mb(hand.pid))] for name, hand in ours.hands.items()}
        for number in range(PORTIONS):
            await go_round(ours, ground, number * portion, portion)
            for name, hand in ours.hands.items():
                seen[name].append(((number + 1.0) * portion, memory_mb(hand.pid)))
        await verify(ground, PORTIONS * portion)
    figures = [_figure(f"{name}, idle", points[0][1], "MB", GOAL_MB) for name, points in seen.items()]
    figures += [
        _figure(
            f"{name}, after {scale.load:,} items, to the first portion's",
            points[-1][1] / points[1][1],
            "",
            GOAL_GROWTH,
        )
        for name, points in seen.items()
    ]
    figures += [
        _figure(f"{name}, after {scale.load:,} items", points[-1][1], "MB", None)
        for name, points in seen.items()
    ]
    plot = Curve("Memory of each service", "items that went round", "MB", seen)
    return Result("B5", TITLE, figures, (plot,), None, ("The first point is the idle service.",))


def _figure(name: str, value: float, unit: str, goal: float | None) -> Figure:
    return Figure(name, value, value, value, 1, unit, goal)
