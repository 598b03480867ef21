"""Puts announcements on their topics, in order, and notices when the broker has forgotten some."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import RecordMetadata

from shared.flow.announcement import Announcement, source_of
from shared.flow.crash import crash_point
from shared.flow.errors import Passing
from shared.flow.rewritten import Mark, name_of
from shared.pieces import pieces

PATIENCE = 5.0
"""Seconds to wait for acknowledgements before saying that Kafka is behind."""

AT_ONCE = 500
"""Announcements that are under way at once, so that a backlog of any size gets out: each piece has this patience anew."""

Place = tuple[str, int]
"""A topic and one of its partitions."""

NOTHING: Mark = (-1, "")

SILENCE = 0.5
"""Seconds without an acknowledgement that may mean that a broker was away; none starts again faster."""


class Announcer:
    """A service's voice on Kafka.

    `acked` holds the last record that was ever acknowledged in each place. An acknowledgement at or below it
    means that the broker lost its log: `lost` is set until somebody has announced everything again. `doubtful` holds
    those after which the place was silent, which a broker may have been because it was away: whether it still has them
    only a look at the topic tells (see Keeper), because others may have written in their place. `prefix` stands
    before the name of every topic, where several houses share a Kafka.
    """

    def __init__(self, producers: Callable[[], AIOKafkaProducer], service: str, prefix: str = "") -> None:
        self.producers = producers
        self.service = service
        self.prefix = prefix
        self.acked: dict[Place, Mark] = {}
        self.doubtful: set[tuple[Place, Mark]] = set()
        self.lost = False
        self._acked_at: dict[Place, float] = {}
        self._producer: AIOKafkaProducer | None = None
        self._turn = asyncio.Lock()
        self._sending: dict[asyncio.Future[RecordMetadata], str] = {}

    async def announce(self, said: Sequence[Announcement], again: str = "") -> None:
        """Return when Kafka has acknowledged all of it, however much, and whatever was still under way before.

        Raises:
            Passing: Kafka does not answer; what was sent stays under way, what was not is for the sweep.
        """
        async with self._turn:
            await self._settle()
            for some in pieces(said, AT_ONCE):
                await self._send_all(some, again)
                crash_point("before-acknowledged")
                await self._settle()

    async def stop(self) -> None:
        """Say goodbye to Kafka; the next announcement would connect again."""
        if self._producer:
            producer, self._producer = self._producer, None
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await producer.stop()

    async def begin_anew(self) -> None:
        """Expect nothing of the broker any more, and speak as somebody new; said before everything is announced again."""
        async with self._turn:
            # A broker that forgot who we were may have given our number to others, and takes what we say for theirs.
            await self.stop()
            self.acked.clear()
            self.doubtful.clear()
            self.lost = False

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self.producers()
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _send_all(self, said: Sequence[Announcement], again: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                for announcement in said:
                    self._sending[await self._send(announcement, again)] = announcement.id
        except TimeoutError as error:
            raise Passing("Kafka takes no announcements at the moment.") from error

    async def _send(self, said: Announcement, again: str) -> "asyncio.Future[RecordMetadata]":
        headers = said.headers(self.service) | ({"announcedagain": again} if again else {})
        encoded = [(name, value.encode()) for name, value in headers.items()]
        producer, topic = await self._connected(), self._prefixed(said.topic)
        # A topic that was there is asked for only by name: lost by the broker, it would be waited for until the batch expires.
        await producer.client.add_topic(topic)
        sent: asyncio.Future[RecordMetadata] = await producer.send(
            topic, said.value.encode(), key=said.key.encode(), headers=encoded
        )
        return sent

    def _prefixed(self, topic: str) -> str:
        # A dead letter's topic is named after its record's, which has the prefix already.
        return topic if topic.startswith(self.prefix) else f"{self.prefix}{topic}"

    async def _settle(self) -> None:
        if not self._sending:
            return
        done, waiting = await asyncio.wait(self._sending, timeout=PATIENCE)
        settled = [(sent, self._sending.pop(sent)) for sent in list(self._sending) if sent in done]
        failed = [error for sent, _ in settled if (error := sent.exception())]
        self._note([(sent.result(), event) for sent, event in settled if not sent.exception()])
        if failed:
            # A broker that lost its log does not know our producer any more, and would refuse all that it sends.
            await self.stop()
        if waiting or failed:
            raise Passing("Kafka acknowledges nothing at the moment.")

    def _note(self, acks: Sequence[tuple[RecordMetadata, str]]) -> None:
        before, now = dict(self.acked), time.monotonic()
        for ack, event in acks:
            place = (ack.topic, ack.partition)
            known = before.get(place, NOTHING)
            if ack.offset <= known[0]:
                self.lost = True
            if place in before and now > self._acked_at.get(place, 0.0) + SILENCE:
                self.doubtful.add((place, known))
            mark = (ack.offset, name_of(source_of(self.service), event))
            self.acked[place] = max(mark, self.acked.get(place, NOTHING))
        self._acked_at |= dict.fromkeys(((ack.topic, ack.partition) for ack, _ in acks), now)
