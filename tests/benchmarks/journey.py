"""Sends items the whole way round on either side, and counts what came of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, Final

from pymongo import timeout

from shared.contracts import codify, discover, share, spread
from tests.benchmarks.crew import Crew, crew, spent
from tests.benchmarks.ground import Ground, database, fresh
from tests.benchmarks.measuring import Run
from tests.support.eventually import eventually

SERVICES: Final = ("discover", "share", "codify", "spread")
OURS: Final = "tests.benchmarks.worker"
BY_HAND: Final = "tests.benchmarks.by_hand"
LONGEST_WAIT: Final = 3600.0
LEAST_WAIT: Final = 60.0
SLOWEST: Final = 5.0
"""Items a second of which a run that is still alive does more."""

LONGEST_COUNT: Final = 300.0
TRIES: Final = 2

DOCUMENTS: Final[Mapping[str, Mapping[str, int]]] = {
    "discover": {"items": 1, "notes": 7},
    "share": {"items": 1},
    "codify": {"reviews": 1, "asked": 1, "audits": 1, "entries": 1},
    "spread": {"entries": 1, "matches": 1, "deliveries": 1},
}
"""How many documents one item leaves in each service when it has gone once round."""

ANNOUNCEMENTS: Final = {
    discover.ITEMS: 1,
    share.ITEMS: 2,
    codify.REVIEWS: 2,
    codify.DECISIONS: 1,
    codify.ENTRIES: 1,
    spread.FEEDS: 1,
}
"""How many announcements it leaves on each topic."""


class WrongCount(AssertionError):  # noqa: N818 - it names what was found.
    """A side did not do what it was measured for, so its time and CPU count for nothing."""


async def run(side: Crew, items: int, discarded: list[str], tries: int = TRIES) -> Run:
    """One run of a side on fresh servers: so many items once round, counted afterwards.

    A run in which a server stumbled, so that something was said twice or stood still, is made again, and why is added
    to `discarded`.

    Raises:
        WrongCount: something is missing, or there is too much of it, each time.
        TimeoutError: it did not come to its end, each time.
    """
    try:
        async with asyncio.timeout(LEAST_WAIT + items / SLOWEST), opened(side) as ground:
            measured = await go_round(side, ground, 0, items)
            await verify(ground, items)
            return measured
    except (WrongCount, TimeoutError) as error:
        if tries == 1:
            raise
        discarded.append(str(error) or "It stood still.")
    return await run(side, items, discarded, tries - 1)


@asynccontextmanager
async def opened(side: Crew, *, people: bool = True) -> AsyncIterator[Ground]:
    """Fresh servers on which this side is at work."""
    async with fresh() as ground:
        await side.tell("open", settings=ground.wish, people=people)
        try:
            await side.quiet()
            yield ground
        finally:
            await side.tell("close")


async def go_round(side: Crew, ground: Ground, first: int, items: int) -> Run:
    """Capture items, and return when the last one has come all the way; those before `first` have."""
    before, began = side.cpu(), time.monotonic()
    await side.hands["discover"].tell("capture", first=first, count=items)

    async def have_arrived() -> bool:
        return (await ground.said(spread.FEEDS))[spread.FEEDS] >= first + items

    await eventually(have_arrived, within=LONGEST_WAIT)
    await side.quiet()
    return Run(items, time.monotonic() - began, spent(before, side.cpu()))


async def verify(ground: Ground, items: int, besides: Mapping[str, int] = MappingProxyType({})) -> None:
    """Look whether every item has left everywhere what it should, and nothing else, `besides` so much by collection.

    Raises:
        WrongCount: it has not.
    """
    for service, expected in DOCUMENTS.items():
        await verify_stored(
            ground, service, {name: each * items + besides.get(name, 0) for name, each in expected.items()}
        )
    await verify_said(ground, {topic: each * items for topic, each in ANNOUNCEMENTS.items()})
    arrived = await _counted(ground, "discover", {"items": {"state.stage": "delivered"}})
    _compare("discover at the stage delivered", arrived, {"items": items})


async def verify_stored(ground: Ground, service: str, expected: Mapping[str, int]) -> None:
    """Look whether these collections of a service hold so many documents; raises WrongCount where they do not."""
    found = await _counted(ground, service, {name: {} for name in expected})
    _compare(service, found, expected)


async def _counted(ground: Ground, service: str, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    # The embedded database needs longer for a hundred thousand documents than services wait for an answer.
    async with database(ground.settings, f"knowhow_{service}") as stored:
        with timeout(LONGEST_COUNT):
            return {name: await stored[name].count_documents(where) for name, where in wanted.items()}


async def verify_said(ground: Ground, expected: Mapping[str, int]) -> None:
    """Look whether so many announcements are on these topics; raises WrongCount where they are not."""
    _compare("Kafka", await ground.said(*expected), expected)


def _compare(where: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    if dict(found) != dict(expected):
        raise WrongCount(f"{where} holds {dict(found)} instead of {dict(expected)}.")


@asynccontextmanager
async def both() -> AsyncIterator[tuple[Crew, Crew]]:
    """The processes of the house, and those of the script by hand."""
    async with crew(OURS, SERVICES) as ours, crew(BY_HAND, SERVICES) as theirs:
        yield ours, theirs
