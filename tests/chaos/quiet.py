"""Waits until nothing moves any more, and everybody has looked whether the broker still has everything."""

import asyncio
import time

from shared.flow.keeper import LOG_CHECK, ROUND
from shared.storage.drivers import is_away
from tests.chaos.client import Client
from tests.chaos.evidence import pending_of

PATIENCE = 90.0
STILL = 1.5
"""Seconds for which every look must find nothing."""

LOOKED = LOG_CHECK + ROUND + STILL
"""Seconds after which every keeper has looked what the broker still has, and has begun to make good what it lost."""


async def becomes_quiet(client: Client, still: float = STILL) -> bool:
    """Wait until no service has lagged or had something to announce for so many seconds; False where that does not come."""
    began = since = time.monotonic()
    while (now := time.monotonic()) < since + still and now < began + PATIENCE:
        looks = await asyncio.gather(*(_waits(client, service) for service in client.town.services))
        await asyncio.sleep(0.5)
        since = time.monotonic() if any(looks) else since
    return now >= since + still


async def _waits(client: Client, service: str) -> bool:
    status = await client.get("admin", service, "/status")
    if not status or not status["ready"] or any(status["lag"].values()):
        return True
    try:
        unfinished = await client.town.database(service)["unfinished"].count_documents({})
        return bool(unfinished or await pending_of(client.town, service))
    except Exception as error:
        if not is_away(error):
            raise
        return True
