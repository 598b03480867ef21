"""The Kafka client: a FastStream broker with the settings that keep what we promise."""

import asyncio
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage

from shared.flow.assignment import Assignment
from shared.flow.bookmarks import Bookmarks
from shared.flow.ear import Ear
from shared.flow.guard import ENOUGH
from shared.flow.kafka_access import access, security
from shared.settings import KafkaSettings, Settings

BATCH = 200
FIRST_BATCH = ENOUGH
"""A life begins with small batches, each doubles the next: one that ends soon, again and again, would never finish a large
one. With fewer the guard could not tell a flood."""

LARGEST_REQUEST = 4 * 1024 * 1024
FOREVER_MS = 10 * 365 * 86_400_000
"""A wait for records ends with the first one; after one that ended without any, FastStream would hear nothing for as long."""

FETCHER_LOOKS_MS = 20
"""aiokafka's fetcher may miss that a fetch has ended, where a partition is resumed or read in the very moment: it then sends
no other one before it looks again, with its own setting 200 ms later."""

PATIENCE = 1.0
"""Seconds that the broker gets to tell where partitions end."""

LONGEST_HOLD_MS = 3_600_000
"""A batch that waits for a server is held, not dead: an hour passes before Kafka gives its partitions away."""


def connect(settings: KafkaSettings, service: str) -> KafkaBroker:
    """A broker to listen at, not started yet."""
    return KafkaBroker(
        settings.kafka.split(","),
        client_id=f"knowhow-{service}",
        security=security(settings),
        logger=None,
    )


def producer(settings: KafkaSettings, service: str) -> AIOKafkaProducer:
    """A producer whose sends are acknowledged by all replicas and written once each, not started yet."""
    return AIOKafkaProducer(
        **access(settings),
        client_id=f"knowhow-{service}",
        acks="all",
        enable_idempotence=True,
        max_request_size=LARGEST_REQUEST,
    )


def group_of(service: str) -> str:
    """The consumer group of a service's instances."""
    return f"knowhow.{service}"


def listen(broker: KafkaBroker, ear: Ear, bookmarks: Bookmarks, settings: Settings, rest: float = 0) -> Any:
    """Let the ear hear all its topics through one subscriber; offsets are committed after each batch that was heard.

    Where nothing more waits, it rests so many seconds, and hears together what comes meanwhile.
    """
    assignment = Assignment(bookmarks, access(settings))
    subscriber: Any = broker.subscriber(
        *(f"{settings.kafka_prefix}{topic}" for topic in ear.topics),
        group_id=f"{settings.kafka_prefix}{group_of(ear.service)}",
        group_instance_id=f"{group_of(ear.service)}.{settings.instance}",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        batch=True,
        max_records=FIRST_BATCH,
        batch_timeout_ms=FOREVER_MS,
        max_poll_interval_ms=LONGEST_HOLD_MS,
        consumer_timeout_ms=FETCHER_LOOKS_MS,
        listener=assignment,
        parser=_parse,
        decoder=_whole,
    )

    async def hear(message) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - FastStream would validate it.
        records = message.raw_message
        if settings.kafka_idle_pause_ms and subscriber.consumer:
            pause_at_the_end(records, subscriber.consumer)
        async with assignment.batch() as ours_still:
            await ear.hear(records)
            if subscriber.consumer and ours_still():
                await bookmarks.commit(records, subscriber.consumer)
        subscriber.max_records = min(2 * subscriber.max_records, BATCH)
        if rest and subscriber.consumer and all(_at_their_end(records, subscriber.consumer).values()):
            await asyncio.sleep(rest)

    assignment.consumer_of = lambda: subscriber.consumer
    subscriber(hear)
    return subscriber


def _at_their_end(
    records: Sequence[ConsumerRecord[bytes, bytes]], consumer: AIOKafkaConsumer
) -> dict[TopicPartition, bool]:
    last = {TopicPartition(one.topic, one.partition): one.offset for one in records}
    return {
        place: consumer.highwater(place) == last[place] + 1 for place in last.keys() & consumer.assignment()
    }


def pause_at_the_end(records: Sequence[ConsumerRecord[bytes, bytes]], consumer: AIOKafkaConsumer) -> None:
    """Fetch no more from those of the records' partitions in which nothing more waits, until the next look."""
    ended = [place for place, nothing_waits in _at_their_end(records, consumer).items() if nothing_waits]
    consumer.pause(*ended)


async def _parse(records: Sequence[ConsumerRecord[bytes, bytes]]) -> KafkaAckableMessage:
    return KafkaAckableMessage(
        body=b"",
        raw_message=tuple(records),
        consumer=FAKE_CONSUMER,
    )


async def _whole(message: KafkaAckableMessage) -> KafkaAckableMessage:
    return message


async def fetch_what_waits(subscriber: Any, pause_ms: int) -> None:
    """Let a consumer fetch from those partitions only where something waits for it, until cancelled.

    Kafka holds an idle fetch back until there is something; the embedded broker answers at once, and a consumer
    would ask it some thousand times a second.
    """
    while True:
        await asyncio.sleep(pause_ms / 1000)
        consumer = subscriber.consumer
        # One that has just been made is not connected yet, and has nothing that it could be asked about.
        if consumer and consumer.assignment():
            waiting = await _waiting(consumer)
            now = consumer.assignment()
            consumer.resume(*waiting & now)
            consumer.pause(*now - waiting)


async def _waiting(consumer: AIOKafkaConsumer) -> AbstractSet[TopicPartition]:
    places: AbstractSet[TopicPartition] = consumer.assignment()
    try:
        async with asyncio.timeout(PATIENCE):
            ends = await consumer.end_offsets(places)
            return {place for place in places if await consumer.position(place) != ends[place]}
    except (KafkaError, TimeoutError):
        # Whoever fetches finds out what is wrong, and mends it.
        return places
