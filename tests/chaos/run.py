"""One run from an empty house to a verdict: load, faults, quiet, mend, and the oracle."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.console import Console

from tests.chaos.arena import DISTURBED, Arena, Fault, Ran, told
from tests.chaos.client import Client
from tests.chaos.evidence import Evidence, gather
from tests.chaos.finding import Finding
from tests.chaos.history import History
from tests.chaos.load import Load
from tests.chaos.mend import replay_all
from tests.chaos.options import Options
from tests.chaos.oracle import judge
from tests.chaos.poison import Poisoner
from tests.chaos.probe import Probe
from tests.chaos.quiet import LOOKED, becomes_quiet
from tests.chaos.room import small_disk
from tests.chaos.schedule import schedule
from tests.chaos.timeline import Timeline
from tests.chaos.town import Town, open_town

POISON_FIRST = 6
POISON_AMONG = 50
"""Of so many items, one comes with poison."""


@dataclass(frozen=True)
class Result:
    """Everything that a report tells."""

    options: Options
    seconds: float
    kills: int
    faults: list[Ran]
    findings: list[Finding]
    timeline: Timeline
    history: History

    @property
    def late(self) -> list[str]:
        """The faults of which the house took longer to recover than is the goal: reported, and not wrong."""
        return [ran.fault for ran in self.faults if ran.late]

    @property
    def holds(self) -> bool:
        """True where every invariant holds and every check during a fault did."""
        return all(finding.holds for finding in self.findings) and not any(ran.failed for ran in self.faults)


class Run:
    """The parts of a run, put together."""

    def __init__(self, town: Town, options: Options, console: Console, no_disk: str) -> None:
        self.town = town
        self.options = options
        self.console = console
        self.no_disk = no_disk
        self.history = History()
        self.client = Client(town, self.history)
        self.load = Load(self.client, options.seed, options.rate, options.items)
        self.probe = Probe(self.client, self.load)
        key = town.settings.gateway_key.get_secret_value()
        self.poisoner = Poisoner(town.settings.kafka, key, options.seed)
        self.timeline = Timeline(self.client, self.load)
        self.faults: list[Ran] = []

    async def go(self) -> Result:
        """Do it all."""
        began = time.monotonic()
        async with _meanwhile(self.timeline.run()):
            await self.load.prepare(self.options.subscriptions)
            await self.probe.prepare()
            await self.poisoner.put(POISON_FIRST)
            async with _meanwhile(self.load.run()), _meanwhile(self._poison()):
                await asyncio.sleep(2)
                for fault, chance in schedule(self.options):
                    await self._run(fault, chance)
            self.console.print("Waiting until everything is quiet …")
            await self.load.finish()
            quiet = await becomes_quiet(self.client, LOOKED)
            left = await replay_all(self.client) if quiet else -1
            await becomes_quiet(self.client)
        evidence = await gather(self.town, self.history, self.poisoner.sent, left)
        return self._result(evidence, time.monotonic() - began)

    def _result(self, evidence: Evidence, seconds: float) -> Result:
        return Result(
            self.options, seconds, self.town.kills, self.faults, judge(evidence), self.timeline, self.history
        )

    async def _poison(self) -> None:
        while True:
            await asyncio.sleep(POISON_AMONG / self.options.rate)
            await self.poisoner.put(1)

    async def _run(self, fault: Fault, chance: random.Random) -> None:
        ran = Ran(fault.name, fault.title, fault.goal, self.history.now())
        self.faults.append(ran)
        ran.not_run = self._why_not(fault)
        if not ran.not_run:
            self.console.print(f"{fault.name:4} {fault.title} …")
            await self._strike(
                fault,
                Arena(
                    self.town,
                    self.client,
                    self.load,
                    self.poisoner,
                    self.probe,
                    chance,
                    self.options.seconds,
                    ran,
                ),
            )

    async def _strike(self, fault: Fault, arena: Arena) -> None:
        ran = arena.ran
        try:
            await fault.strike(arena)
        except DISTURBED as error:
            ran.failed.append(f"did not come to its end: {error}")
        ran.ended = self.history.now()
        await arena.recovers(counts=fault.probes)
        ran.well = self.history.now()
        self.console.print(f"     {told(ran)}", highlight=False)

    def _why_not(self, fault: Fault) -> str:
        others = [name for name in fault.ours if name not in self.town.servers.embedded]
        if others:
            return f"{others[0]} is somebody else's server here"
        return self.no_disk if fault.name == "F13" else ""


async def run(options: Options, console: Console) -> Result:
    """Open a house, hurt it, and judge what is left of it."""
    mongodb = options.data / "mongodb"
    with small_disk(mongodb, wanted="F13" in options.faults and "mongodb" not in options.given) as no_disk:
        async with open_town(options.data, options.given, options.mutation, options.instances) as town:
            running = Run(town, options, console, no_disk)
            try:
                return await running.go()
            finally:
                await running.load.stop()
                await running.client.close()


@asynccontextmanager
async def _meanwhile(work) -> AsyncIterator[None]:  # type: ignore[no-untyped-def] # noqa: ANN001 - any coroutine.
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        ended = task.done() and not task.cancelled()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if ended:
        task.result()
