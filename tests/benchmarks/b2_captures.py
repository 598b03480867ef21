"""B2: captures with 32 clients at once, against a bare endpoint with one journaled insert."""

import time
from collections.abc import Iterator
from typing import Any, Final

from tests.benchmarks.clients import post_many
from tests.benchmarks.crew import Hand, crew, spent
from tests.benchmarks.ground import database, fresh
from tests.benchmarks.items import content
from tests.benchmarks.journey import OURS, WrongCount
from tests.benchmarks.measuring import Run, cpu_seconds, figure, in_turns
from tests.benchmarks.results import Histogram, Result
from tests.benchmarks.scale import Scale

CLIENTS: Final = 32
BARE: Final = "tests.benchmarks.bare"
TITLE: Final = "Captures with 32 clients, against a bare endpoint"
NOTES: Final = (
    "A capture checks the token, the text and its secrets, stores the item with what it says, and announces it.",
    "Discover then hears its own announcement and notes it. The bare endpoint validates the same body and inserts it.",
)


async def measure(scale: Scale) -> Result:
    """Both endpoints in turns, each time on fresh servers."""
    took: dict[str, list[float]] = {"the house": [], "bare endpoint": []}
    async with crew(OURS, ["discover"]) as ours, crew(BARE, ["bare"]) as theirs:

        async def house() -> Run:
            hand = ours.hands["discover"]
            return await _run(hand, "/discover/items", scale.requests, took["the house"], people=True)

        async def bare() -> Run:
            return await _run(theirs.hands["bare"], "/items", scale.requests, took["bare endpoint"])

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


async def _run(hand: Hand, path: str, requests: int, took: list[float], **how: Any) -> Run:
    async with fresh() as ground:
        port = (await hand.tell("open", settings=ground.wish, **how))["port"]
        try:
            before, began = cpu_seconds(hand.pid), time.monotonic()
            took += await post_many(port, path, ground.token, _bodies(requests), CLIENTS)
            seconds = time.monotonic() - began
            cpu = spent({hand.name: before}, {hand.name: cpu_seconds(hand.pid)})
            await _verify(ground.settings, hand.name, requests)
        finally:
            await hand.tell("close")
    return Run(requests, seconds, cpu)


async def _verify(settings: Any, name: str, requests: int) -> None:
    where = {"discover": "knowhow_discover", "bare": "bare"}[name]
    async with database(settings, where) as found:
        stored = await found["items"].count_documents({})
    if stored != requests:
        raise WrongCount(f"{name} stored {stored} of {requests} captures.")
