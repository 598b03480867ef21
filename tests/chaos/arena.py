"""What a fault can reach, and what is written down about it."""

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from aiokafka.errors import KafkaError

from deploy.local.stopped import CannotRun
from tests.chaos.client import Client
from tests.chaos.load import Load
from tests.chaos.poison import Poisoner
from tests.chaos.probe import PATIENCE, Probe
from tests.chaos.town import Town

DISTURBED = (AssertionError, CannotRun, KafkaError, OSError)
"""What may keep a fault from coming to its end, such as another fault at the same time."""


@dataclass
class Ran:
    """One fault that was run: when, how long the house took afterwards, and what else was seen."""

    fault: str
    title: str
    goal: float
    began: float
    ended: float = 0.0
    well: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    not_run: str = ""

    @property
    def median(self) -> float | None:
        """The recovery in the middle, where there was one."""
        return median(self.recoveries) if self.recoveries else None

    @property
    def slowest(self) -> float | None:
        """The slowest recovery, where there was one."""
        return max(self.recoveries, default=None)

    @property
    def late(self) -> bool:
        """True where a recovery took longer than the goal."""
        return self.slowest is not None and self.slowest > self.goal


def told(ran: Ran) -> str:
    """What came of it, in a line."""
    slowest = "" if ran.slowest is None else f"recovered in {ran.slowest:.1f} s (goal {ran.goal:g})"
    return "; ".join(
        part for part in (ran.not_run, slowest, *ran.notes, *(f"BUT {one}" for one in ran.failed)) if part
    )


@dataclass
class Arena:
    """The house, its load, and the chance that the seed gave this fault."""

    town: Town
    client: Client
    load: Load
    poisoner: Poisoner
    probe: Probe
    chance: random.Random
    seconds: float
    ran: Ran

    def pick(self, among: Sequence[Any]) -> Any:
        """One of these, by the seed."""
        return self.chance.choice(among)

    def note(self, text: str) -> None:
        """Something worth telling."""
        self.ran.notes.append(text)

    def check(self, right: bool, text: str) -> None:
        """Something that must be so while the fault lasts."""
        (self.ran.notes if right else self.ran.failed).append(text)

    async def recovers(self, *, counts: bool = True) -> None:
        """Wait until an item goes round again; how long that took is written down where it counts."""
        took = await self.probe.recovery()
        if took is None:
            self.ran.failed.append(f"no item goes round within {PATIENCE:g} s")
        elif counts:
            self.ran.recoveries.append(took)

    def deadline(self) -> Callable[[], bool]:
        """True as long as the fault is to last, from now on."""
        end = time.monotonic() + self.seconds
        return lambda: time.monotonic() < end


Strike = Callable[[Arena], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """What is done, within how many seconds the house must be well again, and which servers must be ours to do it.

    Where it `probes`, its recovery is what an item takes that is sent once all is done; others measure it themselves.
    """

    name: str
    title: str
    goal: float
    strike: Strike
    ours: tuple[str, ...] = ()
    probes: bool = True
