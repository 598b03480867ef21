"""The Kafka client: a FastStream broker with the settings that keep what we promise."""

from collections.abc import Sequence
from typing import Any

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage

from shared.flow.ear import Ear
from shared.flow.rewind import Rewind

BATCH = 200
LINGER_MS = 20
LONGEST_HOLD_MS = 3_600_000
"""A batch that waits for a server is held, not dead: an hour passes before Kafka gives its partitions away."""


def connect(servers: str, service: str) -> KafkaBroker:
    """A broker whose sends are acknowledged by all replicas and written once each, not started yet."""
    return KafkaBroker(
        servers.split(","),
        client_id=f"knowhow-{service}",
        acks="all",
        enable_idempotence=True,
        max_request_size=4 * 1024 * 1024,
        logger=None,
    )


def listen(broker: KafkaBroker, ear: Ear, rewind: Rewind, instance: str) -> Any:
    """Let the ear hear all its topics through one subscriber; offsets are committed after each batch that was heard."""
    subscriber = broker.subscriber(
        *ear.topics,
        group_id=f"knowhow.{ear.service}",
        group_instance_id=f"knowhow.{ear.service}.{instance}",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        batch=True,
        max_records=BATCH,
        batch_timeout_ms=LINGER_MS,
        max_poll_interval_ms=LONGEST_HOLD_MS,
        parser=_parse,
        decoder=_whole,
    )

    async def hear(message) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - FastStream would validate it.
        await ear.hear(message.raw_message)
        if subscriber.consumer:
            await rewind.after(message.raw_message, subscriber.consumer)

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
