"""Kafka as a stranger sees it: what goes onto a topic and what is on it, byte for byte."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.structs import ConsumerRecord

from shared.contracts.base import Said
from shared.flow.announcement import Announcement, Cause

Headers = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Raw:
    """A record as anybody might send it."""

    value: bytes | None
    headers: Headers = ()
    key: bytes | None = None


def event(said: Said, *headers: tuple[str, Any]) -> Raw:
    """An event with as little as it is heard by, and further headers."""
    named = (("ce_type", type(said).__name__.encode()), *headers)
    return Raw(said.model_dump_json().encode(), named, said.key.encode())


def announced(said: Said, service: str) -> Raw:
    """An event as a service sends it, with all its headers."""
    whole = Announcement.of(said, f"test/{uuid4().hex}/1", Cause.request(), datetime.now(UTC))
    headers = [(name, value.encode()) for name, value in whole.headers(service).items()]
    return Raw(whole.value.encode(), headers, whole.key.encode())


@asynccontextmanager
async def administration(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client that manages the broker, until the block ends."""
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def spread_over(kafka: str, topics: Sequence[str], partitions: int) -> None:
    """Make the topics, each with so many partitions."""
    async with administration(kafka) as client:
        await client.create_topics([NewTopic(topic, partitions, 1) for topic in topics])


async def forgotten(kafka: str, topic: str) -> None:
    """Let Kafka forget all that is on the topic, as retention does."""
    async with _reader(kafka) as reader, administration(kafka) as client:
        ends = await reader.end_offsets(await _places(reader, topic))
        await client.delete_records({place: RecordsToDelete(end) for place, end in ends.items()})


async def put(kafka: str, topic: str, records: Iterable[Raw]) -> None:
    """Put the records on the topic, in order."""
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, enable_idempotence=True, max_request_size=4 * 1024 * 1024
    ) as producer:
        sent = [
            await producer.send(topic, one.value, key=one.key, headers=list(one.headers)) for one in records
        ]
        for one in sent:
            await one


async def on_topic(kafka: str, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    """All that is on the topic now, each partition in order."""
    async with _reader(kafka) as consumer:
        places = await _places(consumer, topic)
        if not places:
            return []
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        return await _read(consumer, await consumer.end_offsets(places))


async def _read(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]
) -> list[ConsumerRecord[bytes, bytes]]:
    found: list[ConsumerRecord[bytes, bytes]] = []
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=200)).values():
            found += records
    return found


async def committed(kafka: str, group: str, topic: str) -> int:
    """How many records of a topic a group has committed, over all partitions."""
    async with _reader(kafka, group) as consumer:
        places = await _places(consumer, topic)
        consumer.assign(places)
        return sum([await consumer.committed(place) or 0 for place in places])


@asynccontextmanager
async def _reader(kafka: str, group: str | None = None) -> AsyncIterator[AIOKafkaConsumer]:
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=group, enable_auto_commit=False
    ) as consumer:
        yield consumer


async def _places(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    await consumer._client.add_topic(topic)  # noqa: SLF001 - aiokafka has no public way to ask for one topic.
    return [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
