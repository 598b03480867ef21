"""Apache Kafka with SASL/SCRAM over TLS: each user can do what it needs, and nobody else writes decisions."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
)

from deploy.local.stopped import CannotRun
from deploy.topics.__main__ import prepare
from deploy.topics.wanted import DECISIONS, user_of
from shared.contracts.discover import ItemCaptured
from shared.contracts.share import ItemShared
from shared.flow.dead_letters import dead_letter_topic
from shared.flow.kafka import group_of, producer
from shared.flow.kafka_access import access
from shared.flow.rewritten import rewritten
from shared.settings import KafkaSettings
from tests.support.certificates import certificates
from tests.support.compose import why_no_engine
from tests.support.eventually import eventually
from tests.support.secured_kafka import CURATOR, SecuredKafka, secured_kafka

pytestmark = pytest.mark.timeout(300)

CODIFY, DISCOVER, SHARE = (user_of(name) for name in ("codify", "discover", "share"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SecuredKafka]:
    """The broker, with all topics and users."""
    if why := await why_no_engine():
        pytest.skip(f"Not run: {why}.")
    folder = tmp_path_factory.mktemp("certificates")
    folder.chmod(0o755)
    async with secured_kafka(certificates(folder)) as started:
        await eventually(lambda: is_prepared(started), within=240)
        yield started


async def is_prepared(broker: SecuredKafka) -> bool:
    try:
        return bool(await prepare(broker.administrator()))
    except CannotRun:
        return False


async def send(settings: KafkaSettings, topic: str) -> None:
    """Put something on the topic, or fail as Kafka says."""
    sender = producer(settings, "test")
    try:
        await sender.start()
        await sender.send_and_wait(topic, b"{}")
    finally:
        await sender.stop()


async def heard(settings: KafkaSettings, topic: str, group: str) -> bytes:
    """The first record of a topic, heard in a group."""
    options = {"group_id": group, "auto_offset_reset": "earliest", "enable_auto_commit": False}
    async with AIOKafkaConsumer(topic, **access(settings), **options) as consumer:
        async with asyncio.timeout(60):
            return bytes((await consumer.getone()).value or b"")


async def test_preparing_again_changes_nothing(broker: SecuredKafka) -> None:
    assert await prepare(broker.administrator()) == []


async def test_what_a_service_says_is_heard_by_who_hears_it(broker: SecuredKafka) -> None:
    await send(broker.user(DISCOVER), ItemCaptured.topic)

    assert await heard(broker.user(SHARE), ItemCaptured.topic, group_of("share")) == b"{}"


async def test_a_service_may_look_whether_what_it_said_is_still_there(broker: SecuredKafka) -> None:
    topic = dead_letter_topic(ItemCaptured.topic, "share")
    await send(broker.user(SHARE), topic)

    assert await rewritten(access(broker.user(SHARE)), {TopicPartition(topic, 0): [(0, "/")]}) == set()


@pytest.mark.parametrize("user", [CODIFY, CURATOR])
async def test_codify_and_curators_write_decisions(broker: SecuredKafka, user: str) -> None:
    await send(broker.user(user), DECISIONS)


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        (DISCOVER, DECISIONS),
        (SHARE, DECISIONS),
        (CURATOR, ItemCaptured.topic),
        (DISCOVER, ItemShared.topic),
    ],
)
async def test_nobody_writes_what_is_not_theirs(broker: SecuredKafka, user: str, topic: str) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await send(broker.user(user), topic)


async def test_nobody_hears_in_the_group_of_another(broker: SecuredKafka) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        await heard(broker.user(SHARE), ItemCaptured.topic, group_of("codify"))


async def test_a_wrong_password_stays_outside(broker: SecuredKafka) -> None:
    with pytest.raises(KafkaConnectionError):
        await send(broker.user(DISCOVER, "guessed"), ItemCaptured.topic)


async def test_a_broker_that_the_authority_does_not_vouch_for_is_not_talked_to(
    broker: SecuredKafka, tmp_path: Path
) -> None:
    other = certificates(tmp_path).ca

    with pytest.raises(KafkaConnectionError):
        await send(broker.user(DISCOVER, ca=other), ItemCaptured.topic)


async def test_a_curator_who_is_no_longer_listed_writes_no_more_decisions(broker: SecuredKafka) -> None:
    told = await prepare(broker.administrator(curators=""))

    assert told == [f"User:{CURATOR} may no longer write {DECISIONS}"]
    # Who may write to no topic at all is already refused as a producer.
    with pytest.raises((ClusterAuthorizationFailedError, TopicAuthorizationFailedError)):
        await send(broker.user(CURATOR), DECISIONS)
