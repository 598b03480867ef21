"""A service that is told to stop finishes what it has in hand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.flow.engine import Engine
from shared.flow.step import On
from shared.settings import Settings
from tests.support.counting import SUMS, Counting
from tests.support.eventually import eventually
from tests.support.topics import committed, event, on_topic, put


@dataclass
class Held(Counting):
    """The service, which looks something up for each batch until the test lets it go on."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def rows(self) -> tuple[On, ...]:
        """One row, with the lookup."""
        return (On(self.added, self.add, into=SUMS, given=self.look_up),)

    async def look_up(self, _: Any, heard: Sequence[Any]) -> Sequence[Any]:
        """Nothing, in the end."""
        self.begun.set()
        await self.go_on.wait()
        return [None] * len(heard)


async def test_the_batch_in_hand_is_said_and_committed_before_the_end(
    settings: Settings, counting: Counting
) -> None:
    held = Held(counting.name)
    engine = Engine(held.service, settings)
    await engine.start()
    await put(settings.kafka, held.added.topic, [event(held.added(item_id="a", number=1))])
    await held.begun.wait()

    stopping = asyncio.create_task(engine.stop())
    await eventually(lambda: not engine.subscriber.running)
    held.go_on.set()
    await stopping

    assert await committed(settings.kafka, f"knowhow.{held.name}", held.added.topic) == 1
    assert len(await on_topic(settings.kafka, held.summed.topic)) == 1
