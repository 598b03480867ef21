"""Tells where a broker's log is no longer the one we knew: it is shorter, or holds another record at a place."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from shared.flow.errors import Passing
from shared.flow.hearing import Record, headers_of
from shared.flow.kafka_access import ends_of, looking

PATIENCE = 5.0
"""Seconds that the broker gets to show one record."""

Mark = tuple[int, str]
"""A record by its offset and its name."""


def mark_of(record: Record) -> Mark:
    """Where a record is, and which one it is."""
    headers = headers_of(record)
    return record.offset, name_of(headers.get("ce_source", ""), headers.get("ce_id", ""))


def name_of(source: str, event: str) -> str:
    """A record's name: who says it, and which of their events it is (CloudEvents: both together are unique)."""
    return f"{source}/{event}"


async def rewritten(
    access: Mapping[str, Any], marks: Mapping[TopicPartition, Collection[Mark]]
) -> set[TopicPartition]:
    """The partitions in which one of these records is no longer where it was; what retention has taken away is no loss.

    Raises:
        Passing: the broker does not show one in time.
        KafkaError: the broker does not answer.
    """
    async with looking(access) as reader:
        ends = await ends_of(reader, marks.keys())
        return {
            place for place in marks if not await _are_there(reader, place, sorted(marks[place]), ends[place])
        }


async def _are_there(reader: AIOKafkaConsumer, place: TopicPartition, marks: list[Mark], end: int) -> bool:
    if marks[-1][0] >= end:
        return False
    reader.assign([place])
    return all([await _is_there(reader, place, mark) for mark in marks])


async def _is_there(reader: AIOKafkaConsumer, place: TopicPartition, mark: Mark) -> bool:
    reader.seek(place, mark[0])
    try:
        async with asyncio.timeout(PATIENCE):
            found = mark_of(await reader.getone())
    except OffsetOutOfRangeError:
        return True
    except TimeoutError as error:
        raise Passing("Kafka does not show a record.") from error
    # Compaction takes single records away, and then the next one is shown.
    return found[0] > mark[0] or found == mark
