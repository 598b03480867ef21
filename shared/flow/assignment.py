"""Takes partitions over and gives them away, so that what is in hand is never committed while the group is joined anew.

Kafka answers a connection's requests in turn. A commit that is sent after the request to join is answered when all others
have joined too, and refused then, because it names the generation before; aiokafka takes that for having been put out of the
group, and joins once more. While there is much to hear, every instance does that in turn, and the group is never at rest.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from shared.flow.bookmarks import Bookmark, Bookmarks
from shared.flow.errors import Passing
from shared.flow.rewritten import rewritten

LAST_BATCH = 5.0
"""Seconds that a batch in hand gets before its partitions are given away; Kafka gives the group twice as long to join."""


class Assignment(ConsumerRebalanceListener):
    """The partitions that the group has given to us, until it is joined anew."""

    def __init__(self, bookmarks: Bookmarks, access: Mapping[str, Any], patience: float = LAST_BATCH) -> None:
        self.bookmarks = bookmarks
        self.access = access
        self.patience = patience
        self.consumer_of: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._in_hand = asyncio.Lock()
        self._term: object | None = None

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[Callable[[], bool]]:
        """Keep the partitions while a batch is in hand, as long as the others wait; tells whether they are ours still.

        Where they are not, whoever has them now hears the batch again, and must be the one to commit it.
        """
        term = self._term
        async with self._in_hand:
            yield lambda: term is not None and term is self._term

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        """Let the batch in hand be heard and committed first; one that takes longer is not committed any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience), self._in_hand:
                pass
        self._term = None

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go back to the beginning of every partition in which the last record heard is no longer where it was."""
        self._term = object()
        marks = await self.bookmarks.load(assigned)
        consumer = self.consumer_of()
        if marks and consumer:
            for place in await self._doubtful(marks):
                consumer.seek(place, 0)

    async def _doubtful(self, marks: Mapping[TopicPartition, Bookmark]) -> Iterable[TopicPartition]:
        try:
            return await rewritten(
                self.access, {place: [(mark.offset, mark.event)] for place, mark in marks.items()}
            )
        except (KafkaError, Passing):
            # A broker that cannot show the record now leaves it in doubt; hearing it all again is safe.
            return marks
