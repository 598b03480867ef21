"""Puts decisions that a curator signed with their own key straight onto Kafka."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.cli.stop import Away
from shared.contracts.codify import DecideReview
from shared.flow.announcement import Announcement, Cause
from shared.identity.signatures import DecisionClaims, sign
from shared.settings import KafkaSettings

KAFKA = "127.0.0.1:9092"
PATIENCE = 10.0
"""Seconds that Kafka may take to be found, to acknowledge, and to be left."""


async def produce(
    kafka: str, decisions: Sequence[DecisionClaims], key: str, acknowledged: Callable[[DecisionClaims], None]
) -> None:
    """Sign the decisions and send them in order; `acknowledged` is called for each that Kafka has taken.

    Raises:
        Away: Kafka does not answer in time; those not acknowledged may be sent again.
        BadSignature: the key cannot sign.
    """
    settings = KafkaSettings(kafka=kafka)
    async with _producer(settings) as producer:
        records = [record(claims, key, settings.kafka_prefix) for claims in decisions]
        under_way = [
            (claims, await _in_time(producer.send(**one)))
            for claims, one in zip(decisions, records, strict=True)
        ]
        for claims, delivery in under_way:
            await _in_time(delivery)
            acknowledged(claims)


def record(claims: DecisionClaims, key: str, prefix: str = "") -> dict[str, Any]:
    """What is sent for one decision: a CloudEvent in Kafka's binary mode, keyed by the item."""
    said = DecideReview(item_id=claims.item_id, jws=sign(claims, key))
    event = Announcement.of(said, claims.jti, Cause.request(), datetime.now(UTC))
    headers = event.headers(f"cli/{claims.sub}").items()
    return {
        "topic": f"{prefix}{event.topic}",
        "key": event.key.encode(),
        "value": event.value.encode(),
        "headers": [(name, value.encode()) for name, value in headers],
    }


async def _in_time(doing: Awaitable[Any]) -> Any:
    async with asyncio.timeout(PATIENCE):
        return await doing


@asynccontextmanager
async def _producer(settings: KafkaSettings) -> AsyncIterator[AIOKafkaProducer]:
    # What goes wrong is told once, as our own sentence; aiokafka would log it for each attempt.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    # Only who decides with a key of their own waits for this to be loaded.
    from shared.flow.kafka_access import access  # noqa: PLC0415

    producer = AIOKafkaProducer(**access(settings), acks="all", enable_idempotence=True)
    try:
        await _in_time(producer.start())
        yield producer
    except (KafkaError, TimeoutError) as error:
        why = str(error) or "it took too long"
        raise Away(f"Kafka does not answer at {settings.kafka} ({why}); name it with --kafka.") from error
    finally:
        await _leave(producer)


async def _leave(producer: AIOKafkaProducer) -> None:
    # Stopping waits for what is unsent, which for an idempotent producer may be for ever.
    with contextlib.suppress(TimeoutError, KafkaError):
        await _in_time(producer.stop())
