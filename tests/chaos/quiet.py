"""Waits until nothing moves any more."""

import asyncio
import time

from shared.storage.drivers import is_away
from tests.chaos.client import Client
from tests.chaos.evidence import pending_of

PATIENCE = 90.0
STILL = 3
"""How many looks in a row must find nothing."""


async def becomes_quiet(client: Client, patience: float = PATIENCE) -> bool:
    """Wait until no service lags or has something to announce, three times in a row; False where that does not come."""
    deadline, still = time.monotonic() + patience, 0
    while still < STILL and time.monotonic() < deadline:
        looks = await asyncio.gather(*(_waits(client, service) for service in client.town.services))
        still = 0 if any(looks) else still + 1
        await asyncio.sleep(0.5)
    return still == STILL


async def _waits(client: Client, service: str) -> bool:
    status = await client.get("admin", service, "/status")
    if not status or not status["ready"] or any(status["lag"].values()):
        return True
    try:
        return bool(await pending_of(client.town, service))
    except Exception as error:
        if not is_away(error):
            raise
        return True
