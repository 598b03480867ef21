"""The Kafka client: a FastStream broker with the settings that keep what we promise."""

from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage

from shared.flow.assignment import Assignment
from shared.flow.bookmarks import Bookmarks
from shared.flow.ear import Ear
from shared.flow.fetching import Fetching
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


def listen(
    broker: KafkaBroker, ear: Ear, bookmarks: Bookmarks, settings: Settings, fetching: Fetching
) -> Any:
    """Let the ear hear all its topics through one subscriber; offsets are committed after each batch that was heard."""
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
        async with assignment.batch() as ours_still:
            with fetching.stopped():
                await ear.hear(records)
            if subscriber.consumer and ours_still():
                await bookmarks.commit(records, subscriber.consumer)
        subscriber.max_records = min(2 * subscriber.max_records, BATCH)
        await fetching.rest(records)

    assignment.consumer_of = fetching.consumer_of = lambda: subscriber.consumer
    subscriber(hear)
    return subscriber


async def _parse(records: Sequence[ConsumerRecord[bytes, bytes]]) -> KafkaAckableMessage:
    return KafkaAckableMessage(
        body=b"",
        raw_message=tuple(records),
        consumer=FAKE_CONSUMER,
    )


async def _whole(message: KafkaAckableMessage) -> KafkaAckableMessage:
    return message
