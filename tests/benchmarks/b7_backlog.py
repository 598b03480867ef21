"""B7: catching up with a backlog, against hearing the same as it comes."""

import time
from collections.abc import Iterator
from typing import Final

from services.discover.domain.item import Item
from services.discover.steps.capture_item import announced
from shared.contracts import discover, share
from tests.benchmarks.crew import Crew, crew, spent
from tests.benchmarks.ground import Ground, database, fresh
from tests.benchmarks.items import captured
from tests.benchmarks.journey import OURS, WrongCount
from tests.benchmarks.measuring import Run, figure, in_turns
from tests.benchmarks.results import Result
from tests.benchmarks.scale import Scale
from tests.support.eventually import eventually
from tests.support.subscribing import NOW
from tests.support.topics import Raw, event, put

TITLE: Final = "Catching up with a backlog, against steady work"
LONGEST_WAIT: Final = 600.0
WINDOW: Final = 400
"""Events that are under way at most while the service hears them as they come."""


async def measure(scale: Scale) -> Result:
    """Share hears that items were captured: all of them at once after a pause, or as they come."""
    async with crew(OURS, ["share"]) as hands:

        async def backlog() -> Run:
            return await _run(hands, scale.backlog, scale.backlog)

        async def steady() -> Run:
            return await _run(hands, scale.backlog, WINDOW)

        pairs = await in_turns(scale.pairs, backlog, steady)
    relative = figure("CPU an event, to steady", [one.cpu_ms / other.cpu_ms for one, other in pairs])
    figures = (
        figure(
            f"time for {scale.backlog:,}, to steady",
            [one.seconds / other.seconds for one, other in pairs],
            "",
            2.0,
        ),
        figure("events a second, catching up", [one.rate for one, _ in pairs], "/s", None, "high"),
        figure("events a second, steady", [other.rate for _, other in pairs], "/s", None, "high"),
        relative,
    )
    notes = (f"Steady: never more than {WINDOW} events that are not heard yet.",)
    return Result("B7", TITLE, figures, (), relative, notes)


async def _run(hands: Crew, many: int, window: int) -> Run:
    async with fresh() as ground:
        await put(ground.wish["kafka"], discover.ITEMS, _events(0, window))
        before, began = hands.cpu(), time.monotonic()
        await hands.tell("open", settings=ground.wish, people=False)
        try:
            for sent in range(window, many, window // 2):
                await _until(ground, sent - window // 2)
                await put(ground.wish["kafka"], discover.ITEMS, _events(sent, min(many, sent + window // 2)))
            await hands.quiet()
            run = Run(many, time.monotonic() - began, spent(before, hands.cpu()))
            await _verify(ground, many)
        finally:
            await hands.tell("close")
    return run


async def _until(ground: Ground, heard: int) -> None:
    async def are_heard() -> bool:
        return (await ground.said(share.ITEMS))[share.ITEMS] >= heard

    await eventually(are_heard, within=LONGEST_WAIT)


def _events(first: int, end: int) -> Iterator[Raw]:
    for number in range(first, end):
        item = Item(**dict(captured(number)), version=1, captured_at=NOW, since=NOW)
        yield event(announced(item), ("ce_id", f"items/{item.item_id}/1".encode()))


async def _verify(ground: Ground, many: int) -> None:
    async with database(ground.settings, "knowhow_share") as found:
        stored = await found["items"].count_documents({})
    said = (await ground.said(share.ITEMS))[share.ITEMS]
    if (stored, said) != (many, many):
        raise WrongCount(f"Of {many} items {stored} are stored and {said} announced.")
