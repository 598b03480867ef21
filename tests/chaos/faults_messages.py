"""F9 and F10: everything twice and in another order, and what nobody can hear."""

import asyncio
from collections.abc import Sequence
from statistics import median

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import ConsumerRecord

from tests.chaos.arena import Arena
from tests.chaos.evidence import TOPICS

SAID_TWICE = "chaosagain"
BURST = 3
"""Pieces of poison at once at the most: more than one message in twenty, and the guard against floods would hold them all."""

BEFORE = 5
"""Items that show how long one takes while there is no poison."""

Record = ConsumerRecord[bytes, bytes]


async def everything_twice(arena: Arena) -> None:
    """F9: a producer says again what it hears, keys in another order; what has one key stays in order.

    Kafka has ordered what is heard for the first time, so that only what is heard again comes in another order.
    """
    kafka, lasting, said = arena.town.settings.kafka, arena.deadline(), 0
    async with (
        AIOKafkaConsumer(*TOPICS, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer,
        AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True) as producer,
    ):
        while lasting():
            batches = await consumer.getmany(timeout_ms=200, max_records=500)
            records = [one for batch in batches.values() for one in batch if _is_first(one)]
            said += await _say_again(producer, _reordered(arena, records))
    arena.check(said > 0, f"{said} records said twice")


def _is_first(record: Record) -> bool:
    return SAID_TWICE not in dict(record.headers or ())


def _reordered(arena: Arena, records: Sequence[Record]) -> list[Record]:
    by_key: dict[tuple[str, bytes | None], list[Record]] = {}
    for record in records:
        by_key.setdefault((record.topic, record.key), []).append(record)
    keys = list(by_key)
    arena.chance.shuffle(keys)
    return [record for key in keys for record in by_key[key]]


async def _say_again(producer: AIOKafkaProducer, records: Sequence[Record]) -> int:
    sent = [
        await producer.send(
            one.topic, one.value, key=one.key, headers=[*(one.headers or ()), (SAID_TWICE, b"yes")]
        )
        for one in records
    ]
    await asyncio.gather(*sent)
    return len(sent)


async def poisoned(arena: Arena) -> None:
    """F10: bad JSON, wrong schemas, a step that raises, ten megabytes; the others must hardly notice."""
    before = [await arena.probe.round_trip() for _ in range(BEFORE)]
    sent, lasting, during = len(arena.poisoner.sent), arena.deadline(), list[float]()
    taken = await arena.poisoner.put_large()
    arena.note("the broker took ten megabytes" if taken else "the broker refused ten megabytes")
    while lasting():
        await arena.poisoner.put(arena.chance.randint(1, BURST))
        during.append(await arena.probe.round_trip())
    arena.note(f"{len(arena.poisoner.sent) - sent} pieces of poison")
    later = max(during) - median(before)
    arena.note(
        f"the slowest of {len(during)} items among them took {later:.1f} s longer than one before them (goal 1)"
    )
