"""One service as a process that is started again whenever it dies."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from deploy.local import leash

AT_LEAST = 0.5
"""Seconds between two starts of a process that dies at once."""


class Supervised:
    """Runs `python -m tests.chaos.serve` from `start` to `stop`; `extra` is what its next starts find in their environment.

    `once` is for the very next start only. `died` hears of each death.
    """

    def __init__(self, name: str, port: int, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}/{name}"
        self.port = port
        self.environment = dict(environment)
        self.extra: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.deaths = 0
        self.died: Callable[[str], None] = lambda _: None
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._client = httpx.AsyncClient(timeout=2, trust_env=False)

    @property
    def pid(self) -> int:
        """The process that runs now, or 0 between two of them."""
        return self._process.pid if self._process and self._process.returncode is None else 0

    def start(self) -> None:
        """Run it, and run it again whenever it dies, until `stop`."""
        self._keeping = asyncio.create_task(self._keep())

    def kill(self) -> None:
        """SIGKILL, of which it comes back; while it is not running, nothing happens."""
        if self._process and self.pid:
            self._process.kill()

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
        if self._process:
            await self._process.wait()
        await self._client.aclose()

    async def is_ready(self) -> bool:
        """True where the service says so."""
        try:
            return (await self._client.get(f"{self.url}/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def _keep(self) -> None:
        while True:
            pause = asyncio.create_task(asyncio.sleep(AT_LEAST))
            self._process = await self._spawn()
            await self._process.wait()
            self.deaths += 1
            self.died(self.name)
            await pause

    async def _spawn(self) -> asyncio.subprocess.Process:
        # The leash ends it with the harness, however that ends.
        held = [sys.executable, "-I", "-S", str(leash.__file__), str(os.getpid()), "9"]
        serve = [sys.executable, "-m", "tests.chaos.serve", self.name, str(self.port)]
        environment = {**os.environ, **self.environment, **self.extra, **self.once}
        self.once = {}
        with self._log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *held,
                *serve,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
