"""Everything there is to see once all is quiet: databases, topics, index, and what the client knows."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from opensearchpy.helpers import async_scan

from deploy.local.origin import SERVICES
from shared.contracts import EVENTS
from shared.contracts.codify import Entry, EntryPublished, EntryRevised
from shared.flow.ear import kinds_of, topics_of
from shared.flow.hearing import headers_of
from shared.storage.search import connect
from tests.chaos.history import History
from tests.chaos.planted import HEADER
from tests.chaos.poison import Poison
from tests.chaos.town import Town
from tests.support.topics import committed, on_topic

Raw = Mapping[str, Any]
OF_THE_ENGINE = frozenset({"lanes", "bookmarks", "unfinished", "index_debts"})
TOPICS = sorted({event.topic for event in EVENTS.values()})
PUBLISHED = {kind.__name__: kind for kind in (EntryPublished, EntryRevised)}


@dataclass(frozen=True)
class Evidence:
    """What the oracle judges by; `documents` are by service, collection and id, `topics` in the order of each partition."""

    documents: Mapping[str, Mapping[str, Mapping[str, Raw]]]
    topics: Mapping[str, Sequence[ConsumerRecord[bytes, bytes]]]
    index: Mapping[str, Raw]
    lag: Mapping[str, int]
    pending: Mapping[str, int]
    history: History
    poison: Sequence[Poison]
    left_after_mend: int
    gateway_key: str

    def all_documents(self) -> Iterable[tuple[str, str, Raw]]:
        """Each document with its service and its collection."""
        for service, collections in self.documents.items():
            for collection, documents in collections.items():
                for document in documents.values():
                    yield service, collection, document

    def said(self) -> Mapping[str, Raw]:
        """Every announcement in any document's history, by service and id."""
        return {
            f"/{service}/{one['id']}": one
            for service, _, document in self.all_documents()
            for one in document["history"]
        }

    def publications(self) -> list[tuple[Entry, str]]:
        """Every version of every entry as codify announced it, and the name of the decision that made it."""
        found: list[tuple[Entry, str]] = []
        for document in self.documents["codify"].get("entries", {}).values():
            said = [one for one in document["history"] if one["type"] in PUBLISHED]
            decisions = [*document["state"]["decisions"], *[""] * len(said)]
            entries = [PUBLISHED[one["type"]].model_validate_json(one["value"]) for one in said]
            found += zip(entries, decisions, strict=False)
        return found


async def gather(town: Town, history: History, poison: Sequence[Poison], left: int) -> Evidence:
    """Read everything; nothing else may be going on."""
    kafka = town.settings.kafka
    records = [await on_topic(kafka, topic) for topic in TOPICS]
    return Evidence(
        documents={service: await _documents(town, service) for service in SERVICES},
        topics=dict(zip(TOPICS, map(_without_poison, records), strict=True)),
        index=await indexed_in(town),
        lag={service: await lag_of(town, service) for service in SERVICES},
        pending={service: await pending_of(town, service) for service in SERVICES},
        history=history,
        poison=poison,
        left_after_mend=left,
        gateway_key=town.settings.gateway_key.get_secret_value(),
    )


def _without_poison(records: Sequence[ConsumerRecord[bytes, bytes]]) -> list[ConsumerRecord[bytes, bytes]]:
    return [record for record in records if HEADER not in headers_of(record)]


async def _documents(town: Town, service: str) -> dict[str, dict[str, Raw]]:
    database = town.database(service)
    names = set(await database.list_collection_names()) - OF_THE_ENGINE
    return {name: {raw["_id"]: raw async for raw in database[name].find({})} for name in sorted(names)}


async def indexed_in(town: Town) -> dict[str, Raw]:
    """What the index of entries holds, by id."""
    async with connect(town.settings.opensearch) as client:
        alias = f"{town.settings.prefix}knowhow-entries"
        return {hit["_id"]: hit["_source"] async for hit in async_scan(client, index=alias, size=500)}


async def lag_of(town: Town, service: str) -> int:
    """How many records a service's group has not committed, over all topics that it hears."""
    # Asked of its table, because a topic that it never came to hear has no bookmark that would name it.
    heard = topics_of(kinds_of(import_module(f"services.{service}.events").ROWS))
    ends = [len(await on_topic(town.settings.kafka, topic)) for topic in heard]
    reached = [await committed(town.settings.kafka, f"knowhow.{service}", topic) for topic in heard]
    return sum(ends) - sum(reached)


async def records_on_topics(kafka: str) -> int:
    """How many records there are, as far as the broker tells; 0 while it does not."""
    reader = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        await reader.start()
        found = await asyncio.gather(*(reader._client.add_topic(topic) for topic in TOPICS))  # noqa: SLF001 - aiokafka has no public way to ask for one topic.
        places = [
            TopicPartition(topic, number)
            for topic in TOPICS
            for number in reader.partitions_for_topic(topic) or ()
        ]
        return sum((await reader.end_offsets(places)).values()) if found else 0
    except KafkaError:
        return 0
    finally:
        await reader.stop()


async def pending_of(town: Town, service: str) -> int:
    """How many documents hold announcements that their lane does not know to be out."""
    database = town.database(service)
    names = set(await database.list_collection_names()) - OF_THE_ENGINE
    lanes = await database["lanes"].find({}).to_list(None)
    marks = [
        {"mark": {"$gt": lane.get("done") or f"{lane['_id']}:", "$lt": f"{lane['_id']};"}} for lane in lanes
    ]
    # What said nothing has nothing to announce, whatever its mark.
    waits = [{**mark, "history.0": {"$exists": True}} for mark in marks]
    counts = [database[name].count_documents(wait) for name in names for wait in waits]
    return sum(await asyncio.gather(*counts))
