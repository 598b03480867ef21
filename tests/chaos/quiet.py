"""Waits until nothing moves any more, and everybody has looked whether the broker still has everything."""

import asyncio
import time

from shared.flow.keeper import LOG_CHECK, ROUND
from shared.storage.drivers import is_away
from tests.chaos.client import Client
from tests.chaos.evidence import pending_of

PATIENCE = 90.0
"""Seconds in which something that waits must become more or less; a long log takes longer to hear, and moves."""

LONGEST = 900.0
STILL = 1.5
"""Seconds for which every look must find nothing."""

LOOKED = LOG_CHECK + ROUND + STILL
"""Seconds after which every keeper has looked what the broker still has, and has begun to make good what it lost."""

UNKNOWN = 1
"""What a service that does not answer, or is not ready, may have to do."""


async def becomes_quiet(client: Client, still: float = STILL) -> bool:
    """Wait until nothing was waiting for so many seconds; False where that does not come, or takes too long."""
    began = quiet_since = moved = now = time.monotonic()
    before = 0
    while now < quiet_since + still and now < min(moved + PATIENCE, began + LONGEST):
        waiting = sum(await asyncio.gather(*(_waiting(client, service) for service in client.town.services)))
        await asyncio.sleep(0.5)
        now = time.monotonic()
        quiet_since = now if waiting else quiet_since
        before, moved = waiting, moved if waiting == before else now
    return now >= quiet_since + still


async def _waiting(client: Client, service: str) -> int:
    lag = await client.lag(service)
    if lag is None:
        return UNKNOWN
    try:
        unfinished = await client.town.database(service)["unfinished"].count_documents({})
        return int(lag + unfinished) + await pending_of(client.town, service)
    except Exception as error:
        if not is_away(error):
            raise
        return UNKNOWN
