"""Looks again and again at how the house is, so that one can see afterwards what happened when."""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.storage.drivers import is_away
from tests.chaos.client import Client
from tests.chaos.evidence import pending_of
from tests.chaos.history import Outcome
from tests.chaos.load import Load

EVERY = 2.0
"""Seconds between two looks."""


@dataclass
class Sample:
    """One look: `lag`, `pending` and `memory` (MB, of its largest instance) by service; one that is not ready is missing from `lag`."""

    at: float
    under_way: int
    kills: int
    lag: dict[str, int] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


class Timeline:
    """The samples of a run."""

    def __init__(self, client: Client, load: Load) -> None:
        self.client = client
        self.load = load
        self.samples: list[Sample] = []

    async def run(self) -> None:
        """Take samples until cancelled."""
        while True:
            tick = asyncio.create_task(asyncio.sleep(EVERY))
            self.samples.append(await self.look())
            await tick

    async def look(self) -> Sample:
        """One sample, now."""
        town, history = self.client.town, self.client.history
        sample = Sample(round(history.now(), 2), self.load.under_way, town.kills)
        await asyncio.gather(*(self._look_at(service, sample) for service in town.services))
        return sample

    async def _look_at(self, service: str, sample: Sample) -> None:
        lag = await self.client.lag(service)
        if lag is not None:
            sample.lag[service] = lag
        sample.memory[service] = max(memory_of(one.pid) for one in self.client.town.services[service])
        try:
            async with asyncio.timeout(2):
                sample.pending[service] = await pending_of(self.client.town, service)
        except TimeoutError:
            return
        except Exception as error:
            if not is_away(error):
                raise

    def answers(self) -> list[dict[str, int]]:
        """How many answers of each kind there were, second by second."""
        counted = self.client.history.answers
        last = max((second for second, _ in counted), default=0)
        return [{kind.value: counted[second, kind] for kind in Outcome} for second in range(last + 1)]

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {"samples": [asdict(sample) for sample in self.samples], "answers": self.answers()}


def memory_of(pid: int) -> float:
    """Megabytes that a process holds, or 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - read once a second for each process.
            return int(file.read().split()[1]) * 4096 / 1e6
    except (OSError, IndexError):
        return 0.0
