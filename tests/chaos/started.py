"""How a service's process is started: from nothing, as an operator does, or as a copy of a warm one, which is ten times as quick."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.local import leash


class Warm:
    """A process that has imported everything and becomes the service again and again."""

    def __init__(self, name: str, port: int, environment: Mapping[str, str], log: Path) -> None:
        self._arguments = (name, str(port), "warm")
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, extra: Mapping[str, str]) -> int:
        """Start a copy; its process id."""
        if self._process is None:
            self._process = await spawn(
                self._arguments, self._environment, self._log, asyncio.subprocess.PIPE
            )
        assert self._process.stdin
        self._process.stdin.write(json.dumps(dict(extra)).encode() + b"\n")
        return int(await self._line())

    async def ended(self) -> None:
        """Wait until the copy has ended."""
        assert await self._line() == b"ended\n"

    async def _line(self) -> bytes:
        assert self._process
        assert self._process.stdout
        return await self._process.stdout.readline()

    async def stop(self) -> None:
        """End it for good; a copy must have ended before."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


class Cold:
    """A process of its own for each start."""

    def __init__(self, name: str, port: int, environment: Mapping[str, str], log: Path) -> None:
        self._arguments = (name, str(port))
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, extra: Mapping[str, str]) -> int:
        """Start it; its process id."""
        self._process = await spawn(self._arguments, {**self._environment, **extra}, self._log)
        return self._process.pid

    async def ended(self) -> None:
        """Wait until it has ended."""
        if self._process:
            await self._process.wait()


async def spawn(
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    log: Path,
    piped: int = asyncio.subprocess.DEVNULL,
) -> asyncio.subprocess.Process:
    """Run tests.chaos.serve with these arguments; it ends with the harness, however that ends."""
    held = [sys.executable, "-I", "-S", str(leash.__file__), str(os.getpid()), str(int(signal.SIGKILL))]
    with log.open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            *held,
            *(sys.executable, "-m", "tests.chaos.serve", *arguments),
            env={**os.environ, **environment},
            stdin=piped,
            stdout=piped,
            stderr=errors,
            start_new_session=True,
        )


def kill(pid: int) -> None:
    """SIGKILL, where there still is such a process."""
    _signal(pid, signal.SIGKILL)


@contextmanager
def suspended(pid: int | None) -> Iterator[None]:
    """SIGSTOP until the block ends, where there is such a process: its connections stay open, and nobody answers."""
    try:
        _signal(pid, signal.SIGSTOP)
        yield
    finally:
        _signal(pid, signal.SIGCONT)


def _signal(pid: int | None, number: int) -> None:
    # The id 0 would stand for the harness itself, and all who belong to it.
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
