"""How any client reaches Kafka (which servers, over which protocol, and as whom), and what a topic's end is."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLScram512

from shared.flow.errors import Passing
from shared.settings import KafkaSettings

PATIENCE = 5.0
"""Seconds that the broker gets to tell where topics end."""


def security(settings: KafkaSettings) -> BaseSecurity:
    """The protocol and the user that the settings name, as FastStream takes them.

    Raises:
        OSError: the file with the CA is not one.
    """
    context = ssl.create_default_context(cafile=settings.kafka_ca) if _over_tls(settings) else None
    if settings.kafka_user and settings.kafka_password and settings.kafka_security.startswith("SASL"):
        return SASLScram512(settings.kafka_user, settings.kafka_password.get_secret_value(), context)
    return BaseSecurity(context)


def access(settings: KafkaSettings) -> dict[str, Any]:
    """The same for a client of aiokafka, with the servers' addresses."""
    return {"bootstrap_servers": settings.kafka.split(","), **parse_security(security(settings))}


@asynccontextmanager
async def looking(access: Mapping[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer that belongs to no group, and only looks."""
    eyes = AIOKafkaConsumer(**access, enable_auto_commit=False, auto_offset_reset="none")
    await eyes.start()
    try:
        yield eyes
    finally:
        await eyes.stop()


async def ends_of(
    consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    """The next offset of each partition; 0 where the broker has no such topic (any more).

    Raises:
        Passing: the broker does not say in time.
        KafkaError: the broker does not answer.
    """
    # Asked for the end of a topic that is not there, a consumer goes on asking for forty seconds.
    try:
        async with asyncio.timeout(PATIENCE):
            there = await consumer.topics()
            found: dict[TopicPartition, int] = await consumer.end_offsets(
                [partition for partition in partitions if partition.topic in there]
            )
    except TimeoutError as error:
        raise Passing("Kafka does not say where its topics end.") from error
    return dict.fromkeys(partitions, 0) | found


def _over_tls(settings: KafkaSettings) -> bool:
    return settings.kafka_security.endswith("SSL")
