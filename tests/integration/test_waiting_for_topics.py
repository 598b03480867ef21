"""A service that is started before its topics are made waits for them, and says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.servers import embedded
from deploy.topics.__main__ import prepare
from deploy.topics.settings import TopicSettings
from deploy.topics.waiting import wait
from tests.support.eventually import eventually
from tests.support.house import free_port

ELSEWHERE = {"mongodb": "not needed", "opensearch": "not needed"}


def settings(kafka: str, user: str | None) -> TopicSettings:
    return TopicSettings(
        kafka=kafka, kafka_user=user, topics_partitions=1, topics_replication=1, topics_min_insync=1
    )


@asynccontextmanager
async def waiting(kafka: str, told: list[str]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(wait(settings(kafka, "knowhow-spread"), told.append, pause=0.05))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_service_waits_until_its_topics_are_made(tmp_path: Path) -> None:
    told: list[str] = []

    async with embedded(tmp_path, ELSEWHERE) as servers, waiting(servers["kafka"], told) as task:
        await eventually(lambda: told)
        assert not task.done()
        await prepare(settings(servers["kafka"], user=None))
        await asyncio.wait_for(task, 10)

    assert "knowhow.spread.feeds.v1" in told[0]
    assert "knowhow.codify.entries.v1.dead.spread" in told[0]
    assert "knowhow.share" not in "".join(told)


async def test_a_service_waits_while_kafka_is_away() -> None:
    told: list[str] = []
    kafka = f"127.0.0.1:{free_port()}"

    async with waiting(kafka, told) as task:
        await eventually(lambda: told)
        assert not task.done()

    assert f"Kafka does not answer at {kafka}" in told[0]
