"""Takes partitions over and gives them away, so that what is in hand is never committed while the group is joined anew.

Kafka answers a connection's requests in turn. A commit that is sent after the request to join is answered when all others
have joined too, and refused then, because it names the generation before; aiokafka takes that for having been put out of the
group, and joins once more. While there is much to hear, every instance does that in turn, and the group is never at rest.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from shared.flow.bookmarks import Bookmarks
from shared.flow.errors import Fault, fault_of
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
        self._checked = asyncio.Event()
        self._term: object | None = None

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[Callable[[], bool]]:
        """Keep the partitions while a batch is in hand, as long as the others wait; tells whether they are ours still.

        Where they are not, whoever has them now hears the batch again, and must be the one to commit it. A batch that comes
        while it is being found out whether the log is still the one we knew waits for that.
        """
        # aiokafka hands records out before it is known from where the partition must be heard.
        await self._checked.wait()
        term = self._term
        async with self._in_hand:
            yield lambda: term is not None and term is self._term

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        """Let the batch in hand be heard and committed first; one that takes longer is not committed any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience), self._in_hand:
                pass
        self._term = None
        self._checked.clear()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go back to the beginning of every partition in which the last record heard is no longer where it was."""
        self._term = None
        self._checked.clear()
        try:
            for place in await self._doubtful(set(assigned)):
                await self._begin_anew(place)
            self._term = object()
        finally:
            self._checked.set()

    async def _begin_anew(self, place: TopicPartition) -> None:
        if consumer := self.consumer_of():
            consumer.seek(place, 0)
            # The next bookmark would hide the doubt from a next life, so the way back must be sure before there is one.
            await consumer.commit({place: 0})

    async def _doubtful(self, assigned: Collection[TopicPartition]) -> Collection[TopicPartition]:
        try:
            marks = await self.bookmarks.load(assigned)
            heard = {place: [(mark.offset, mark.event)] for place, mark in marks.items()}
            return await rewritten(self.access, heard) if heard else ()
        except Exception as error:
            if fault_of(error) is not Fault.PASSING:
                raise
            # Where the record, or which one it was, cannot be seen now, it is in doubt; hearing it all again is safe.
            return assigned
