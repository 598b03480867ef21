"""F3 to F7 and F13: what happens to Kafka, MongoDB and OpenSearch."""

import asyncio
import shutil
import time
from collections import Counter
from functools import partial
from http import HTTPStatus

from opensearchpy.exceptions import OpenSearchException

from tests.chaos.arena import Arena
from tests.chaos.client import Ask
from tests.chaos.evidence import indexed_in, records_on_topics
from tests.chaos.feed import FOLLOWS_ALL
from tests.chaos.room import fill
from tests.chaos.started import suspended
from tests.chaos.town import patiently
from tests.support.eventually import eventually

AWAY = 3.0
LARGE = " large" * 5_000
"""Thirty thousand bytes: of 180,000 SecantusDB 0.7.0b3 lost an acknowledged write on a full disk, with its driver alone."""

ENOUGH = 500
"""Large items that would use up any journal's room."""

SOON = 2.0
"""Seconds within which somebody must be told that the database does not answer."""

LEEWAY = 0.5
"""Seconds that the harness itself may add on a busy machine."""


async def broker_restarted(arena: Arena) -> None:
    """F3: asked to end, and then killed."""
    kafka = arena.town.servers.embedded["kafka"]
    for how, end in (("SIGTERM", kafka.stop), ("SIGKILL", kafka.kill)):
        await asyncio.sleep(arena.seconds / 4)
        await end()
        await asyncio.sleep(AWAY)
        await kafka.start()
        await arena.recovers()
        arena.note(how)
    await arena.poisoner.put_again()


async def log_wiped(arena: Arena) -> None:
    """F4: the broker comes back with nothing; recovered means that every announcement is on its topic again."""
    said = sum([await _announcements(arena, service) for service in arena.town.services])
    await arena.town.servers.kill("kafka")
    shutil.rmtree(arena.town.data / "kafka")
    await arena.town.servers.start("kafka")
    began = time.monotonic()
    await arena.poisoner.put_again()
    await eventually(lambda: _again(arena, said), within=arena.ran.goal * 2)
    arena.ran.recoveries.append(time.monotonic() - began)
    arena.note(f"{said} announcements were on it")


async def _announcements(arena: Arena, service: str) -> int:
    database, found = arena.town.database(service), 0
    # Dead letters are announced on topics of their own.
    for name in {*await database.list_collection_names()} - {"dead_letters"}:
        sizes = {"$group": {"_id": None, "all": {"$sum": {"$size": {"$ifNull": ["$history", []]}}}}}
        rows = await (await database[name].aggregate([sizes])).to_list(None)
        found += rows[0]["all"] if rows else 0
    return found


async def _again(arena: Arena, said: int) -> bool:
    unfinished = [
        await arena.town.database(service)["unfinished"].count_documents({})
        for service in arena.town.services
    ]
    return not sum(unfinished) and await records_on_topics(arena.town.settings.kafka) >= said


async def database_restarted(arena: Arena) -> None:
    """F5: SIGKILL, twice, the second time soon after it was back."""
    mongodb = arena.town.servers.embedded["mongodb"]
    for soon in (0, arena.chance.uniform(1, arena.seconds / 4)):
        await asyncio.sleep(soon)
        await mongodb.kill()
        await asyncio.sleep(arena.chance.uniform(0.2, AWAY))
        await mongodb.start()


async def database_stalled(arena: Arena) -> None:
    """F6: SIGSTOP; whoever captures meanwhile is told within two seconds that it did not work."""
    with suspended(arena.town.servers.embedded["mongodb"].pid):
        # What was under way before may still end well.
        await asyncio.sleep(0.3)
        told = await _captures(arena, arena.seconds / 2)
    slowest = max((seconds for _, seconds in told), default=0.0)
    arena.check(
        bool(told) and all(status == 503 for status, _ in told), f"{len(told)} captures, all told 503"
    )
    arena.check(slowest <= SOON + LEEWAY, f"the slowest after {slowest:.2f} s")


async def _captures(arena: Arena, seconds: float) -> list[tuple[int, float]]:
    end, told = time.monotonic() + seconds, []
    while time.monotonic() < end:
        told.append(await _capture(arena))
        await asyncio.sleep(0.2)
    return told


async def _capture(arena: Arena, more: str = "") -> tuple[int, float]:
    plan, began = arena.load.planner.item(), time.monotonic()
    wish = plan.wish | {"body": plan.wish["body"] + more}
    act = arena.client.history.act("capture", plan.name, plan.author, wish)
    await arena.client.do(act, Ask("POST", "discover", "/items", wish), tries=1)
    return act.status, time.monotonic() - began


async def search_away(arena: Arena) -> None:
    """F7: SIGKILL; publishing and the feeds go on; recovered means that the index has the whole library again."""
    await arena.town.servers.kill("opensearch")
    before = await _published(arena)
    await asyncio.sleep(arena.seconds * 0.7)
    more = await _published(arena) - before
    arena.check(more > 0, f"{more} entries published meanwhile")
    feed = await arena.client.get("admin", "spread", f"/feeds/{FOLLOWS_ALL}.json")
    arena.check(bool(feed and feed["items"]), "feeds can be read meanwhile")
    await arena.town.servers.start("opensearch")
    began = time.monotonic()
    await eventually(partial(_has_all, arena, await _published(arena)), within=arena.ran.goal * 2)
    arena.ran.recoveries.append(time.monotonic() - began)


async def _has_all(arena: Arena, entries: int) -> bool:
    try:
        return len(await indexed_in(arena.town)) >= entries
    except OpenSearchException:
        return False


async def _published(arena: Arena) -> int:
    entries = arena.town.database("codify")["entries"]
    return int(await patiently(lambda: entries.count_documents({})))


async def disk_full(arena: Arena) -> None:
    """F13: no room where MongoDB keeps its data: nobody is told that something was stored when it was not.

    WiredTiger panics at a full disk. MongoDB itself would end then; the embedded server stays, and answers nothing any
    more, so it is started again here as a supervisor would.
    """
    with fill(arena.town.data / "mongodb"):
        told = await _until_refused(arena)
        await asyncio.sleep(arena.seconds / 3)
    arena.check(told[-1] == HTTPStatus.SERVICE_UNAVAILABLE, f"captures told {_counted(told)}")
    await arena.town.servers.kill("mongodb")
    await arena.town.servers.start("mongodb")
    arena.note("the database started again")


async def _until_refused(arena: Arena) -> list[int]:
    told: list[int] = []
    lasting = arena.deadline()
    while not told or (told[-1] == HTTPStatus.CREATED and (lasting() or len(told) < ENOUGH)):
        # What the database has set aside for its journal must be used up first.
        told.append((await _capture(arena, LARGE))[0])
    return told


def _counted(told: list[int]) -> str:
    return ", ".join(f"{status} {number} times" for status, number in sorted(Counter(told).items()))
