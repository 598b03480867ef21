"""One embedded server as a child process: started, watched, restarted and stopped."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.answering import accepts
from deploy.local.checks import shown
from deploy.local.stopped import CannotRun, Reason

_LEASH: Final = Path(__file__).with_name("leash.py")
_TRIES: Final = 3
_TO_COME_UP: Final = 30.0
_TO_STOP: Final = 2.5
_BEFORE_KNOCKING: Final = 0.1
_LOOKS: Final = 0.03
_WATCHES: Final = 0.2
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """What to run, how to see that it is ready, and which signal it gets should the launcher be killed."""

    title: str
    command: list[str]
    port: int
    answers: Callable[[int], Awaitable[bool]]
    farewell: signal.Signals = signal.SIGKILL


class EmbeddedServer:
    """A program that is to run from `start` to `stop` or `kill`; while `watch` runs, it is restarted when it dies."""

    def __init__(self, program: Program, log_file: Path) -> None:
        self.program = program
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._changing = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._process.pid if self._process and self._process.poll() is None else None

    async def start(self) -> None:
        """Run it and return when it answers; where it runs already, nothing happens.

        Raises:
            CannotRun: it ended three times or was silent for 30 seconds.
        """
        self._wanted = True
        async with self._changing:
            if self.pid is None:
                await self._bring_up()

    async def stop(self) -> None:
        """Let it end by itself within 2.5 seconds, then end it; stopping twice is harmless."""
        self._wanted = False
        if self._process and self.pid:
            self._process.terminate()
            await self._see_it_end(self._process)
        await self.kill()

    async def kill(self) -> None:
        """End it at once, as a crash would, until it is started again."""
        self._wanted = False
        self._end()

    async def watch(self) -> None:
        """Restart it whenever it dies, after a pause that doubles while it keeps dying; never returns."""
        pause, started = _SHORTEST_PAUSE, time.monotonic()
        while True:
            await asyncio.sleep(_WATCHES)
            if self._wanted and self.pid is None:
                log.warning(
                    "%s stopped by itself and is started again; see %s.", self.program.title, self._log
                )
                pause = _SHORTEST_PAUSE if time.monotonic() - started > _TO_COME_UP else pause * 2
                await asyncio.sleep(min(pause, _LONGEST_PAUSE))
                await self._start_again()
                started = time.monotonic()

    async def _start_again(self) -> None:
        try:
            if self._wanted:
                await self.start()
        except (CannotRun, OSError) as error:
            log.warning("%s", error)

    async def _bring_up(self) -> None:
        # A first try may find the data still held by a process that is just ending.
        for _ in range(_TRIES):
            if not self._wanted:
                return
            self._spawn()
            if await self._comes_up():
                return
            if self.pid:
                break
        self._end()
        sentence = f"{self.program.title} did not come up; its log {self._log} says why."
        raise CannotRun(Reason.SERVER_DOWN, sentence)

    def _spawn(self) -> None:
        leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), str(int(self.program.farewell))]
        with self._log_file.open("ab") as output:
            # A session of its own keeps the terminal's Ctrl-C away: services must end before their servers.
            self._process = subprocess.Popen(  # noqa: S603 - no shell, and nobody else names the program.
                leash + self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def _comes_up(self) -> bool:
        deadline = time.monotonic() + _TO_COME_UP
        while self.pid and time.monotonic() < deadline:
            if await self.program.answers(self.program.port):
                return self.pid is not None
            await asyncio.sleep(_LOOKS)
        return False

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    async def _see_it_end(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _TO_STOP
        # SecantusDB stops when somebody connects or after two seconds, but may miss a signal that comes with a connection.
        await asyncio.sleep(_BEFORE_KNOCKING)
        while process.poll() is None and time.monotonic() < deadline:
            await accepts(self.program.port)
            await asyncio.sleep(_LOOKS)

    @property
    def _log(self) -> str:
        return shown(self._log_file)
