"""One instance of a service as a process that is started again whenever it dies."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.chaos.started import Cold, Warm, kill

AT_LEAST = 0.3
"""Seconds between two starts of a process that dies at once."""


class Supervised:
    """Runs an instance from `start` to `stop`; `extra` is what its next starts find in their environment.

    `once` is for the very next start only; `cold` means that starts count everything, imports too.
    """

    def __init__(self, name: str, port: int, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}/{name}"
        self.extra: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.cold = False
        self.deaths = 0
        self.pid = 0
        self._warm = Warm(name, port, environment, log)
        self._cold = Cold(name, port, environment, log)
        self._keeping: asyncio.Task[None] | None = None
        self._client: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Run it, and run it again whenever it dies, until `stop`."""
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(3))
        self._keeping = asyncio.create_task(self._keep())

    def kill(self) -> None:
        """SIGKILL, of which it comes back; between two lives nothing happens."""
        if self.pid:
            kill(self.pid)

    def alter(self, **extra: str | None) -> None:
        """Start it anew with this in its environment; None takes something out again."""
        for name, value in extra.items():
            self.extra.pop(name, None)
            if value is not None:
                self.extra[name] = value
        self.kill()

    async def stop(self) -> None:
        """SIGKILL, for good."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self.kill()
        await self._warm.stop()
        if self._client:
            await self._client.close()

    async def is_ready(self) -> bool:
        """True where it says so."""
        if not self._client or not self.pid:
            return False
        try:
            async with self._client.get(f"{self.url}/ready") as answer:
                return answer.ok
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def _keep(self) -> None:
        while True:
            pause = asyncio.create_task(asyncio.sleep(AT_LEAST))
            way = self._cold if self.cold else self._warm
            extra, self.once = {**self.extra, **self.once}, {}
            self.pid = await way.start(extra)
            await way.ended()
            self.pid = 0
            self.deaths += 1
            await pause
