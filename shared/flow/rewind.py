"""Commits what was heard, and begins a partition anew when its histories are announced again.

A broker that lost the end of its log gives offsets away twice, so a committed offset may lie beyond records that
nobody has heard. Announcing again reaches past that point, and whoever then starts from the beginning misses nothing.
"""

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.flow.hearing import Record, headers_of
from shared.storage.documents import Documents


class Rewind:
    """Remembers which repetitions (`announcedagain`) a service has already rewound for."""

    def __init__(self, documents: Documents) -> None:
        self.table = documents.database["rewound"]
        self._known: set[str] = set()

    async def open(self) -> None:
        """Learn what an earlier life rewound for."""
        self._known = {row["_id"] for row in await self.table.find({}).to_list(None)}

    async def after(self, records: Iterable[Record], consumer: AIOKafkaConsumer) -> None:
        """Commit the records' offsets; where one of them begins a repetition, the partition's beginning instead."""
        fresh = self._fresh(records)
        for partition in fresh.values():
            await consumer.seek_to_beginning(partition)
        await consumer.commit()
        for name in fresh:
            await self.table.update_one({"_id": name}, {"$set": {}}, upsert=True)
        self._known |= fresh.keys()

    def _fresh(self, records: Iterable[Record]) -> dict[str, Any]:
        again = ((record, headers_of(record).get("announcedagain")) for record in records)
        named = {
            f"{r.topic}/{r.partition}/{name}": TopicPartition(r.topic, r.partition)
            for r, name in again
            if name
        }
        return {name: partition for name, partition in named.items() if name not in self._known}
