"""Remembers what was heard last in each partition, and begins anew where the broker's log is no longer the one we read.

A broker that lost the end of its log gives offsets away twice, so a committed offset may lie beyond records that
nobody has heard. Two things betray it: at the last place that we heard there is another record now, or histories are
announced again (`announcedagain`). Either way the partition is heard from its beginning; all steps are idempotent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.flow.crash import crash_point
from shared.flow.hearing import Record
from shared.flow.rewritten import mark_of
from shared.storage.documents import Documents
from shared.storage.drivers import UpdateOne


@dataclass(frozen=True)
class Bookmark:
    """The last record heard in a partition, and the repetitions for each of which it was heard from the beginning.

    All of them are kept, because hearing a log from the beginning comes by earlier repetitions once more.
    """

    offset: int
    event: str
    again: tuple[str, ...] = ()


class Bookmarks:
    """A service's bookmarks, kept with its documents and always at or ahead of the committed offsets."""

    def __init__(self, documents: Documents) -> None:
        self.table = documents.database["bookmarks"]
        self._known: dict[TopicPartition, Bookmark] = {}

    async def load(self, partitions: Iterable[TopicPartition]) -> Mapping[TopicPartition, Bookmark]:
        """The bookmarks of these partitions, as far as there are any; other instances may have set them."""
        names = {_name(partition): partition for partition in partitions}
        rows = await self.table.find({"_id": {"$in": list(names)}}).to_list(None)
        loaded = {
            names[row["_id"]]: Bookmark(row["offset"], row["event"], tuple(row["again"])) for row in rows
        }
        self._known |= loaded
        return loaded

    async def offsets(self) -> dict[TopicPartition, int]:
        """The last offset heard in each partition, by whichever instance."""
        rows = await self.table.find({}, {"offset": 1}).to_list(None)
        return {_place(row["_id"]): row["offset"] for row in rows}

    async def commit(self, records: Sequence[Record], consumer: AIOKafkaConsumer) -> None:
        """Set the bookmarks, then commit; where a new repetition begins, go back to the partition's beginning first.

        Partitions that were given to others meanwhile are theirs to mark.
        """
        placed = [(TopicPartition(one.topic, one.partition), one) for one in records]
        last = {place: one for place, one in placed if place in consumer.assignment()}
        again = {place: self._again_of(place) for place in last}
        for place, one in placed:
            name = _again(one) if place in last else ""
            if name and name not in again[place]:
                await consumer.seek_to_beginning(place)
                # The bookmark must not say that it was heard from the beginning before that is sure to happen.
                await consumer.commit({place: 0})
                again[place] = (*again[place], name)
        kept = {place: Bookmark(*mark_of(one), again[place]) for place, one in last.items()}
        crash_point("before-bookmark")
        await self._store(kept)
        crash_point("before-commit")
        await consumer.commit()
        crash_point("after-commit")

    def _again_of(self, place: TopicPartition) -> tuple[str, ...]:
        known = self._known.get(place)
        return known.again if known else ()

    async def _store(self, marks: Mapping[TopicPartition, Bookmark]) -> None:
        writes = [
            UpdateOne({"_id": _name(place)}, {"$set": vars(mark)}, upsert=True)
            for place, mark in marks.items()
        ]
        if writes:
            await self.table.bulk_write(writes, ordered=False)
        self._known |= marks


def _again(record: Record) -> str:
    # Asked of every record, so that only what is looked for is decoded.
    found = [value for name, value in record.headers or () if name == "announcedagain"]
    return (found[-1] or b"").decode(errors="replace") if found else ""


def _name(place: TopicPartition) -> str:
    return f"{place.topic}/{place.partition}"


def _place(name: str) -> TopicPartition:
    topic, _, partition = name.rpartition("/")
    return TopicPartition(topic, int(partition))
