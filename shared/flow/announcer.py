"""Puts announcements on their topics, in order, and notices when the broker has forgotten some."""

import asyncio
from collections.abc import Iterable, Sequence

from aiokafka.structs import RecordMetadata
from faststream.kafka import KafkaBroker

from shared.flow.announcement import Announcement
from shared.flow.errors import Passing

PATIENCE = 5.0
"""Seconds to wait for acknowledgements before saying that Kafka is behind."""

Place = tuple[str, int]
"""A topic and one of its partitions."""


class Announcer:
    """A service's voice on Kafka.

    `acked` holds the highest offset that was ever acknowledged in each place. An acknowledgement at or below it
    means that the broker lost its log: `lost` is set until somebody has announced everything again.
    """

    def __init__(self, broker: KafkaBroker, service: str) -> None:
        self.broker = broker
        self.service = service
        self.acked: dict[Place, int] = {}
        self.lost = False
        self._turn = asyncio.Lock()
        self._sending: list[asyncio.Future[RecordMetadata]] = []

    async def announce(self, said: Iterable[Announcement], again: str = "") -> None:
        """Return when Kafka has acknowledged all of it, and whatever was still under way before.

        Raises:
            Passing: Kafka does not answer; what was sent stays under way, what was not is for the sweep.
        """
        async with self._turn:
            await self._settle()
            try:
                async with asyncio.timeout(PATIENCE):
                    for announcement in said:
                        self._sending.append(await self._send(announcement, again))
            except TimeoutError as error:
                raise Passing("Kafka takes no announcements at the moment.") from error
            await self._settle()

    async def _send(self, said: Announcement, again: str) -> "asyncio.Future[RecordMetadata]":
        headers = said.headers(self.service) | ({"announcedagain": again} if again else {})
        return await self.broker.publish(
            said.value.encode(), said.topic, key=said.key.encode(), headers=headers, no_confirm=True
        )

    async def _settle(self) -> None:
        if not self._sending:
            return
        done, waiting = await asyncio.wait(self._sending, timeout=PATIENCE)
        self._sending = [sent for sent in self._sending if sent in waiting]
        self._note([sent.result() for sent in done if not sent.exception()])
        if waiting or any(sent.exception() for sent in done):
            raise Passing("Kafka acknowledges nothing at the moment.")

    def _note(self, acks: Sequence[RecordMetadata]) -> None:
        before = dict(self.acked)
        for ack in acks:
            place = (ack.topic, ack.partition)
            if ack.offset <= before.get(place, -1):
                self.lost = True
            self.acked[place] = max(ack.offset, self.acked.get(place, -1))

    def forget(self) -> None:
        """Expect nothing of the broker any more; said before everything is announced again."""
        self.acked.clear()
        self.lost = False
