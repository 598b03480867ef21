"""B1: the whole journey of an item, against a script by hand that does the same durable writes."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from tests.benchmarks.journey import both, run
from tests.benchmarks.measuring import Run, figure, in_turns
from tests.benchmarks.results import Result, Stack
from tests.benchmarks.scale import Scale

TITLE: Final = "The whole journey, against a script by hand"
NOTES: Final = (
    "One item once round: 16 documents and 8 announcements in four services, one department that follows.",
    "The script by hand writes the same documents and announcements just as durably, and checks the same signatures.",
    "CPU is that of the four processes, waiting for the servers included; the servers' own is not.",
)


async def measure(scale: Scale) -> Result:
    """Both sides in turns, each time on fresh servers."""
    lost: dict[str, list[str]] = {"the house": [], "by hand": []}
    async with both() as (ours, theirs):

        async def house(items: int = scale.items) -> Run:
            return await run(ours, items, lost["the house"])

        async def hand(items: int = scale.items) -> Run:
            return await run(theirs, items, lost["by hand"])

        await house(scale.warm_up)
        await hand(scale.warm_up)
        pairs = await in_turns(scale.pairs, house, hand)
    relative = figure("CPU an item, to that by hand", [one.cpu_ms / other.cpu_ms for one, other in pairs])
    figures = (
        figure("rate, to that by hand", [one.rate / other.rate for one, other in pairs], "", 0.90, "high"),
        figure("CPU an item", [one.cpu_ms for one, _ in pairs], "ms", 1.5),
        figure("CPU an item by hand", [other.cpu_ms for _, other in pairs], "ms"),
        figure("items a second", [one.rate for one, _ in pairs], "/s", None, "high"),
        relative,
    )
    bars = {"the house": _parts([one for one, _ in pairs]), "by hand": _parts([other for _, other in pairs])}
    plot = Stack("CPU of one item's journey, by service", "ms an item", bars)
    return Result("B1", TITLE, figures, (plot,), relative, (*NOTES, *_told(lost)))


def _told(lost: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for side, reasons in lost.items():
        yield " ".join([f"Runs thrown away and made again, {side}: {len(reasons)}.", *reasons])


def _parts(runs: list[Run]) -> dict[str, float]:
    return {name: median(run.cpu[name] * 1000 / run.items for run in runs) for name in runs[0].cpu}
