"""Servers on which nothing has happened yet, for each run anew."""

import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.servers import embedded
from shared.identity.signatures import new_key
from shared.settings import Settings
from shared.storage.drivers import close, connect
from shared.storage.search import connect as connect_search
from tests.support.identity import Clock, Issuer

NAMES = ("kafka", "mongodb", "opensearch")
HOUSE = "knowhow."
EMBEDDED_LOOK_MS = 5
"""The embedded Kafka answers an idle fetch at once; services look in between as those of the local house do."""


@dataclass(frozen=True)
class Ground:
    """Fresh servers; `wish` is what every process needs to know of them, `token` signs a person in."""

    wish: dict[str, Any]
    token: str
    pids: Mapping[str, int]
    kafka: AIOKafkaConsumer

    @property
    def settings(self) -> Settings:
        """The settings for services on these servers."""
        return Settings(**self.wish)

    async def said(self, *topics: str) -> dict[str, int]:
        """How many records are on each of these topics."""
        for topic in topics:
            await self.kafka._client.add_topic(topic)  # noqa: SLF001 - aiokafka has no public way to ask for one topic.
        places = {
            topic: [TopicPartition(topic, number) for number in self.kafka.partitions_for_topic(topic) or ()]
            for topic in topics
        }
        ends = await self.kafka.end_offsets([place for found in places.values() for place in found])
        return {topic: sum(ends[place] for place in places[topic]) for topic in topics}


def given_servers() -> dict[str, str]:
    """The servers that the environment names; for all others embedded ones are started."""
    return {name: address for name in NAMES if (address := os.environ.get(f"KNOWHOW_{name.upper()}"))}


@asynccontextmanager
async def fresh() -> AsyncIterator[Ground]:
    """Servers until the block ends: embedded ones of their own, or those given, tidied up afterwards.

    Raises:
        RuntimeError: a Kafka is given on which somebody's house has topics; they would be heard and then deleted.
    """
    given = given_servers()
    if "kafka" in given and (found := await _topics(given["kafka"])):
        raise RuntimeError(f"Name a Kafka that no house uses; this one has the topic {found[0]}.")
    with tempfile.TemporaryDirectory(prefix="knowhow-bench-") as data:
        async with embedded(Path(data), given) as servers:
            issuer = Issuer(Path(data) / "jwks.json", Clock(time()))
            issuer.publish()
            wish = _wish(servers, given) | {"jwks": str(issuer.jwks)}
            day = int(issuer.clock.now) + 24 * 3600
            token = issuer.token(exp=day, roles=["member"])
            pids = {name: server.pid for name, server in servers.embedded.items() if server.pid}
            try:
                async with AIOKafkaConsumer(bootstrap_servers=servers["kafka"]) as kafka:
                    yield Ground(wish, token, pids, kafka)
            finally:
                await _tidy(wish, given)


def _wish(servers: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Any]:
    return {
        **servers,
        "author_key": uuid4().hex,
        "gateway_key": new_key("codify-gateway"),
        "issuer": "https://id.example",
        "prefix": f"bench_{uuid4().hex[:8]}_",
        "kafka_idle_pause_ms": 0 if "kafka" in given else EMBEDDED_LOOK_MS,
        "requests_per_minute": 10**9,
    }


async def _topics(kafka: str) -> list[str]:
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        return sorted(name for name in await consumer.topics() if name.startswith(HOUSE))


async def _tidy(wish: Mapping[str, Any], given: Mapping[str, str]) -> None:
    if "kafka" in given:
        admin = AIOKafkaAdminClient(bootstrap_servers=given["kafka"])
        await admin.start()
        await admin.delete_topics(await _topics(given["kafka"]))
        await admin.close()
    if "mongodb" in given:
        client = connect(given["mongodb"], "pymongo")
        for name in await client.list_database_names():
            if name.startswith(wish["prefix"]):
                await client.drop_database(name)
        await close(client)
    if "opensearch" in given:
        async with connect_search(given["opensearch"]) as search:
            await search.indices.delete(index=f"{wish['prefix']}*")


@asynccontextmanager
async def database(settings: Settings, name: str) -> AsyncIterator[Any]:
    """One of the databases of a run, looked at from outside."""
    client = connect(settings.mongodb, "pymongo")
    try:
        yield client[f"{settings.prefix}{name}"]
    finally:
        await close(client)
