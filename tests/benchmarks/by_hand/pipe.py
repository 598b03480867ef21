"""Kafka to database to Kafka, written straight: hear a batch, store it, say what comes of it, then commit.

What is stored is journaled by a majority, what is said is acknowledged by all, offsets are committed last, and each
handler is idempotent: after a crash a batch is heard again, stored no second time, and said again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord
from pydantic import ValidationError

from shared.contracts import EVENTS
from shared.contracts.base import Said
from shared.storage.drivers import BulkWriteError, InsertOne, UpdateOne

BATCH = 500
WAIT_MS = 20
DUPLICATE_KEY = 11000
PAUSE = 0.5
"""Seconds before a batch that failed is heard again."""

REST = 0.005
"""Seconds between looks whether anything waits, as the house looks; it cost less than fetching and resting in turns."""

log = logging.getLogger(__name__)

Event = dict[str, Any]
Heard = tuple[Said, dict[str, str]]
Handler = Callable[[Sequence[Heard]], Awaitable[list[Event]]]


class Pipe:
    """One service's loop."""

    def __init__(
        self, service: str, settings: dict[str, Any], topics: Sequence[str], handle: Handler
    ) -> None:
        self.service = service
        self.handle = handle
        self.rests = settings["kafka_idle_pause_ms"] > 0
        self.producer = AIOKafkaProducer(
            bootstrap_servers=settings["kafka"], acks="all", enable_idempotence=True, linger_ms=0
        )
        self.consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=settings["kafka"],
            group_id=f"by-hand.{service}",
            group_instance_id=f"by-hand.{service}.0",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )

    async def start(self) -> None:
        """Connect, and begin to hear."""
        await self.producer.start()
        await self.consumer.start()
        self.task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.consumer.stop()
        await self.producer.stop()

    async def _run(self) -> None:
        failed = False
        while True:
            try:
                if failed:
                    await self._go_back()
                failed = False
                await self._hear()
            except Exception:
                # As if somebody had started the script again: what is not committed is heard once more.
                log.exception("%s by hand hears a batch again", self.service)
                failed = True
                await asyncio.sleep(PAUSE)

    async def _hear(self) -> None:
        places = self.consumer.assignment()
        if self.rests and not await self._waits(places):
            await asyncio.sleep(REST)
            return
        found = await self.consumer.getmany(timeout_ms=WAIT_MS, max_records=BATCH)
        if self.rests:
            self.consumer.pause(*places)
        records = [record for batch in found.values() for record in batch]
        if records:
            await self.say(await self.handle([one for record in records if (one := _read(record))]))
            await self.consumer.commit()

    async def _waits(self, places: Collection[TopicPartition]) -> bool:
        # The embedded broker answers an idle fetch at once, and would be asked thousands of times a second.
        ends = await self.consumer.end_offsets(places)
        waiting = [place for place in places if await self.consumer.position(place) != ends[place]]
        self.consumer.pause(*places)
        self.consumer.resume(*waiting)
        return bool(waiting)

    async def _go_back(self) -> None:
        for place in self.consumer.assignment():
            self.consumer.seek(place, await self.consumer.committed(place) or 0)

    async def say(self, events: Iterable[Event]) -> None:
        """Return when all of it is acknowledged."""
        sent = [
            await self.producer.send(
                one["topic"], one["value"].encode(), key=one["key"].encode(), headers=self._headers(one)
            )
            for one in events
        ]
        if sent:
            await asyncio.wait(sent)
            for one in sent:
                one.result()

    def _headers(self, event: Event) -> list[tuple[str, bytes]]:
        named = {
            "content-type": "application/json",
            "ce_specversion": "1.0",
            "ce_id": event["id"],
            "ce_type": event["type"],
            "ce_source": f"/{self.service}",
            "ce_subject": event["subject"],
            "ce_time": event["time"],
            "correlationid": event["correlation"],
            "causationid": event["causation"],
        }
        return [(name, value.encode()) for name, value in named.items()]


def _read(record: ConsumerRecord[bytes, bytes]) -> Heard | None:
    headers = {name: value.decode() for name, value in record.headers}
    kind = EVENTS.get(headers.get("ce_type", ""))
    try:
        return (kind.model_validate_json(record.value or b""), headers) if kind else None
    except ValidationError:
        return None


def event(said: Said, number: str, headers: dict[str, str]) -> Event:
    """What is said because of what was heard, as documents keep it."""
    return {
        "id": number,
        "type": type(said).__name__,
        "topic": said.destination,
        "key": said.key,
        "subject": said.subject,
        "time": now().isoformat(timespec="milliseconds"),
        "value": said.model_dump_json(),
        "correlation": headers.get("correlationid", number),
        "causation": headers.get("ce_id", number),
        "traceparent": "",
    }


def now() -> datetime:
    """The time, as exactly as documents hold it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def document(identity: str, state: dict[str, Any], *history: Event) -> dict[str, Any]:
    """A new document with what it says."""
    return {
        "_id": identity,
        "version": 1,
        "state": state,
        "history": list(history),
        "announced": 0,
        "mark": "by-hand.0:00000001:000000000001",
    }


async def insert(collection: Any, documents: Sequence[dict[str, Any]]) -> None:
    """Store documents that may be there already."""
    await _write(collection, [InsertOne(one) for one in documents])


async def update(
    collection: Any, changes: Sequence[tuple[dict[str, Any], dict[str, Any], list[Event]]]
) -> None:
    """Change documents that nobody else has changed since they were read: fields of their state, and what they say."""
    await _write(
        collection,
        [
            UpdateOne(
                {"_id": known["_id"], "version": known["version"]},
                {
                    "$set": {f"state.{name}": value for name, value in fields.items()},
                    "$inc": {"version": 1},
                    "$push": {"history": {"$each": says}},
                },
            )
            for known, fields, says in changes
        ],
    )


async def _write(collection: Any, writes: Sequence[Any]) -> None:
    if not writes:
        return
    try:
        await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if any(one["code"] != DUPLICATE_KEY for one in (error.details or {})["writeErrors"]):
            raise


async def load(collection: Any, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The documents of these ids."""
    wanted = sorted(set(ids))
    found = await collection.find({"_id": {"$in": wanted}}).to_list(None) if wanted else []
    return {one["_id"]: one for one in found}
