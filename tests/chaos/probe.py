"""Sends one item round to see whether the house works, and how long it took."""

import asyncio
import time

from tests.chaos.client import Ask, Client
from tests.chaos.feed import FOLLOWS_ALL
from tests.chaos.load import Load
from tests.chaos.town import patiently
from tests.chaos.walk import Walk
from tests.support.eventually import eventually

PATIENCE = 90.0
"""Seconds after which a recovery counts as none, on whatever machine."""

EVERYTHING = ("finance", "finances", "hr", "it", "sales")


class Probe:
    """A department that follows everything, and items that must reach it."""

    def __init__(self, client: Client, load: Load) -> None:
        self.client = client
        self.load = load

    async def prepare(self) -> None:
        """Let the department follow everything."""
        wish = {"department": FOLLOWS_ALL, "topics": list(EVERYTHING)}
        act = self.client.history.act("subscribe", FOLLOWS_ALL, "admin", wish)
        assert await self.client.do(act, Ask("POST", "spread", "/subscriptions", wish)), act

    async def recovery(self) -> float | None:
        """Seconds until all services are ready and an item sent now has reached its feed; None where patience ends first."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.client.town.ready(PATIENCE)
                await self.round_trip()
        except (TimeoutError, AssertionError):
            return None
        return time.monotonic() - began

    async def round_trip(self) -> float:
        """Seconds that an item takes from its capture to its delivery.

        Raises:
            TimeoutError: it does not come there.
        """
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            await eventually(self._goes_round, within=PATIENCE)
        return time.monotonic() - began

    async def _goes_round(self) -> bool:
        walk = Walk(self.load.planner.item(certain=True), self.client, self.load.published)
        await walk.go()
        return bool(walk.item_id) and await self._arrived(f"{walk.item_id}:1:{FOLLOWS_ALL}")

    async def _arrived(self, delivery: str) -> bool:
        deliveries = self.client.town.database("spread")["deliveries"]
        while True:
            if await patiently(lambda: deliveries.find_one({"_id": delivery})):
                return True
            await asyncio.sleep(0.05)
