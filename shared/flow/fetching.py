"""When a consumer fetches: not while a batch is in hand, and, where a broker answers idle fetches at once, only what waits."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

PATIENCE = 1.0
"""Seconds that the broker gets to tell where partitions end."""


class Fetching:
    """Lets a consumer fetch when there is something to fetch, and somebody to hear it.

    Kafka holds an idle fetch back until there is something; the embedded broker answers at once, and a consumer would ask it
    some thousand times a second. So it is asked every `pause_ms` milliseconds where its partitions end, and only those in
    which something waits are fetched; with 0, aiokafka fetches as it likes. A service for which nobody waits rests for
    `rest_s` seconds after a batch behind which nothing follows, and hears together what comes meanwhile.
    """

    def __init__(self, pause_ms: int, rest_s: float = 0.0) -> None:
        self.pause_ms = pause_ms
        self.rest_s = rest_s
        self.consumer_of: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._in_hand = False
        self._at_once = asyncio.Event()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while self.pause_ms:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.pause_ms / 1000):
                    await self._at_once.wait()
            self._at_once.clear()
            await self._look()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Ask the broker for nothing while a batch is in hand, and look as soon as it is through."""
        self._in_hand = True
        self._fetch_only(frozenset())
        try:
            yield
        finally:
            self._in_hand = False
            self._at_once.set()

    async def rest(self, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        """Gather what comes after this batch, where nothing waits behind it."""
        consumer = self.consumer_of()
        if self.rest_s and consumer and _nothing_follows(records, consumer):
            with self.stopped():
                await asyncio.sleep(self.rest_s)

    async def _look(self) -> None:
        consumer = self.consumer_of()
        waiting: AbstractSet[TopicPartition] = frozenset()
        # One that has just been made is not connected yet, and has nothing that it could be asked about.
        if consumer and consumer.assignment() and not self._in_hand:
            waiting = await _waiting(consumer)
        # What the group gave us while a batch is in hand must wait as well.
        self._fetch_only(frozenset() if self._in_hand else waiting)

    def _fetch_only(self, waiting: AbstractSet[TopicPartition]) -> None:
        consumer = self.consumer_of()
        if consumer and self.pause_ms:
            ours = consumer.assignment()
            consumer.resume(*waiting & ours)
            consumer.pause(*ours - waiting)


def _nothing_follows(records: Sequence[ConsumerRecord[bytes, bytes]], consumer: AIOKafkaConsumer) -> bool:
    last = {TopicPartition(one.topic, one.partition): one.offset for one in records}
    ours = last.keys() & consumer.assignment()
    return all(consumer.highwater(place) == last[place] + 1 for place in ours)


async def _waiting(consumer: AIOKafkaConsumer) -> AbstractSet[TopicPartition]:
    places: AbstractSet[TopicPartition] = consumer.assignment()
    try:
        async with asyncio.timeout(PATIENCE):
            ends = await consumer.end_offsets(places)
            return {place for place in places if await consumer.position(place) != ends[place]}
    except (KafkaError, TimeoutError):
        # Whoever fetches finds out what is wrong, and mends it.
        return places
