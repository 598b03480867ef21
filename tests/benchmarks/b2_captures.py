"""B2: captures with 32 clients at once, against a bare endpoint with one journaled insert."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from shared.contracts import discover
from tests.benchmarks.clients import post_many
from tests.benchmarks.crew import Crew, crew, spent
from tests.benchmarks.ground import fresh
from tests.benchmarks.items import content
from tests.benchmarks.journey import OURS, verify_said, verify_stored
from tests.benchmarks.measuring import Run, figure, in_turns
from tests.benchmarks.results import Histogram, Result
from tests.benchmarks.scale import Scale

CLIENTS: Final = 32
BARE: Final = "tests.benchmarks.bare"
TITLE: Final = "Captures with 32 clients, against a bare endpoint"
NOTES: Final = (
    "A capture checks the token, the text and its secrets, stores the item with what it says, and announces it.",
    "Discover then hears its own announcement and notes it. The bare endpoint validates the same body and inserts it.",
    "The rate ends with the last answer; CPU ends when every announcement is heard and noted.",
)
STORED: Final[Mapping[str, Sequence[str]]] = {"discover": ("items", "notes"), "bare": ("items",)}
SAID: Final[Mapping[str, Sequence[str]]] = {"discover": (discover.ITEMS,), "bare": ()}
"""The collections and topics on which each capture leaves one document and one announcement."""


async def measure(scale: Scale) -> Result:
    """Both endpoints in turns, each time on fresh servers."""
    took: dict[str, list[float]] = {"the house": [], "bare endpoint": []}
    async with crew(OURS, ["discover"]) as ours, crew(BARE, ["bare"]) as theirs:

        async def house() -> Run:
            return await _run(ours, "/discover/items", scale.requests, took["the house"], people=True)

        async def bare() -> Run:
            return await _run(theirs, "/items", scale.requests, took["bare endpoint"])

        pairs = await in_turns(scale.pairs, house, bare)
    relative = figure(
        "CPU a capture, to the bare endpoint", [one.cpu_ms / other.cpu_ms for one, other in pairs]
    )
    figures = (
        figure(
            "rate, to the bare endpoint", [one.rate / other.rate for one, other in pairs], "", 1.0, "high"
        ),
        figure("captures a second", [one.rate for one, _ in pairs], "/s", None, "high"),
        figure("CPU a capture", [one.cpu_ms for one, _ in pairs], "ms"),
        relative,
    )
    milliseconds = {name: [one * 1000 for one in seconds] for name, seconds in took.items()}
    plot = Histogram("How long a client waits for its answer", "ms", milliseconds)
    return Result("B2", TITLE, figures, (plot,), relative, NOTES)


def _bodies(count: int) -> Iterator[dict[str, Any]]:
    wanted = {"kind", "title", "body", "topics", "tools"}
    return (content(number).model_dump(mode="json", include=wanted) for number in range(count))


async def _run(side: Crew, path: str, requests: int, took: list[float], **how: Any) -> Run:
    (name,) = side.hands
    async with fresh() as ground:
        port = (await side.tell("open", settings=ground.wish, **how))[name]["port"]
        try:
            before, began = side.cpu(), time.monotonic()
            took += await post_many(port, path, ground.token, _bodies(requests), CLIENTS)
            seconds = time.monotonic() - began
            await side.quiet()
            cpu = spent(before, side.cpu())
            await verify_stored(ground, name, dict.fromkeys(STORED[name], requests))
            await verify_said(ground, dict.fromkeys(SAID[name], requests))
        finally:
            await side.tell("close")
    return Run(requests, seconds, cpu)
