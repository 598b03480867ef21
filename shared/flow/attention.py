"""Notices when messages wait and nobody hears them, though nothing is held, and has the service listen anew."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiokafka import TopicPartition

from shared.flow.bookmarks import Bookmarks
from shared.flow.ear import Ear
from shared.flow.errors import again_and_again
from shared.flow.kafka_access import ends_of, looking

SILENCE = 20.0
"""Seconds without a batch after which somebody looks whether there is anything to hear."""

STOPPING = 25.0
"""Seconds that a consumer gets to stop; FastStream alone waits for a message in hand for fifteen."""

log = logging.getLogger(__name__)


class Attention:
    """Looks at the topics over a connection of its own, because the one that listens may be what is broken.

    Where the next message to be heard of a partition is there and stays the same from one look to the next, the service is
    `deaf`, and listens anew; it counts as deaf until it has heard something.
    """

    def __init__(
        self,
        ear: Ear,
        bookmarks: Bookmarks,
        access: Mapping[str, Any],
        subscriber: Any,
        silence: float = SILENCE,
    ) -> None:
        self.ear = ear
        self.bookmarks = bookmarks
        self.access = access
        self.subscriber = subscriber
        self.silence = silence
        self._noticed = 0.0
        self._waiting: Mapping[TopicPartition, int] = {}

    @property
    def deaf(self) -> bool:
        """True where messages wait and none was heard since that was noticed."""
        return self._noticed > self.ear.last_batch

    async def run(self) -> None:
        """Look again and again, until cancelled; while a server is away there is nothing to be seen."""
        await again_and_again(self.look, self.silence)

    async def look(self) -> None:
        """Compare what waits with what waited at the last look."""
        silent = not self.ear.busy and time.monotonic() > self.ear.last_batch + self.silence
        before, self._waiting = self._waiting, await self._what_waits() if silent else {}
        if before.items() & self._waiting.items():
            log.error("messages wait and none is heard; listening anew")
            self._noticed = time.monotonic()
            await self._listen_anew()

    async def _what_waits(self) -> dict[TopicPartition, int]:
        """The next offset to be heard, wherever there is one."""
        heard = await self.bookmarks.offsets()
        consumer = self.subscriber.consumer
        places = (consumer and consumer.assignment()) or heard.keys()
        async with looking(self.access) as eyes:
            ends = await ends_of(eyes, places)
            # What retention has taken away cannot be heard any more, and does not wait.
            starts = await eyes.beginning_offsets([place for place in places if ends[place]])
        following = {place: max(start, heard.get(place, -1) + 1) for place, start in starts.items()}
        return {place: offset for place, offset in following.items() if offset < ends[place]}

    async def _listen_anew(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING):
                await self.subscriber.stop()
        await self.subscriber.start()
