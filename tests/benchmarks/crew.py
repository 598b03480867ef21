"""The processes that a benchmark measures, and the conversation with them."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from tests.benchmarks.measuring import cpu_seconds

LONGEST_LINE = 1 << 20


class Hand:
    """One process that does what it is told."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self.process = process

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    async def tell(self, what: str, **wish: Any) -> dict[str, Any]:
        """Its answer, once it has done it.

        Raises:
            RuntimeError: it died of it; what it said is on standard error.
        """
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([what, wish]).encode() + b"\n")
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended when it was told to {what}.")
        return dict(json.loads(line))


class Crew:
    """Some processes that work together."""

    def __init__(self, hands: Sequence[Hand]) -> None:
        self.hands = {hand.name: hand for hand in hands}

    async def tell(self, what: str, **wish: Any) -> dict[str, dict[str, Any]]:
        """The answers of all, which do it at the same time."""
        answers = await asyncio.gather(*(hand.tell(what, **wish) for hand in self.hands.values()))
        return dict(zip(self.hands, answers, strict=True))

    async def quiet(self, every: float = 0.05) -> None:
        """Return when nobody has anything left to hear or to say, twice in a row."""
        calm = 0
        while calm < 2:
            waiting = sum(answer["waiting"] for answer in (await self.tell("waiting")).values())
            calm = 0 if waiting else calm + 1
            await asyncio.sleep(every)

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each since it began."""
        return {name: cpu_seconds(hand.pid) for name, hand in self.hands.items()}


def spent(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What each spent in between."""
    return {name: after[name] - before[name] for name in after}


@asynccontextmanager
async def crew(module: str, names: Sequence[str]) -> AsyncIterator[Crew]:
    """One process of this module for each name, until the block ends."""
    processes = [await _start("-m", module, name) for name in names]
    try:
        yield Crew([Hand(name, process) for name, process in zip(names, processes, strict=True)])
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*(process.wait() for process in processes))


async def _start(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
    )
