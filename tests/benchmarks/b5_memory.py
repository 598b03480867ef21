"""B5: what each service holds in memory, idle and after much has gone through it."""

from collections.abc import Sequence
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
    figures = [one for name, points in seen.items() for one in _figures(name, [mb for _, mb in points])]
    plot = Curve("Memory of each service", "items that went round", "MB", seen)
    notes = (
        f"{PORTIONS * portion:,} items went round in {PORTIONS} portions; the goals speak of 100,000 (--load 100000).",
        "The services are given the wishes to capture by their engine, not over HTTP.",
        "Growth against idle but not against the first portion speaks for a warm-up rather than a leak.",
        "The first point of the plot is the idle service.",
    )
    return Result("B5", TITLE, figures, (plot,), None, notes)


def _figures(name: str, seen: Sequence[float]) -> Sequence[Figure]:
    idle, first, *_, last = seen
    return (
        _figure(f"{name}, idle", idle, "MB", GOAL_MB),
        _figure(f"{name}, after load", last, "MB", GOAL_MB),
        _figure(f"{name}, after load, to idle", last / idle, "", GOAL_GROWTH),
        _figure(f"{name}, after load, to the first portion's", last / first, "", GOAL_GROWTH),
    )


def _figure(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, value, value, value, 1, unit, goal)
