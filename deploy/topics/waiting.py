"""`python -m deploy.topics.waiting`: wait until all topics of the user in `KNOWHOW_KAFKA_USER` are there; then end."""

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.stopped import CannotRun
from deploy.settings import read
from deploy.topics.settings import TopicSettings
from deploy.topics.wanted import Resource, accesses
from deploy.until_stopped import run_until_stopped
from shared.flow.kafka_access import access

_PAUSE: Final = 2.0
_TO_STOP: Final = 1.0


def main() -> None:
    """Wait, and tell what for whenever that changes; the exit code is 0, or one of `stopped.Reason`."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        run_until_stopped(wait(read(TopicSettings), _tell), _TO_STOP)
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(trouble.reason)


async def wait(settings: TopicSettings, tell: Callable[[str], None], pause: float = _PAUSE) -> None:
    """Return when the user may see every topic that the services' tables give it; Kafka being away is waited for too."""
    told = ""
    while why := await _why_not(settings):
        if why != told:
            tell(why)
        told = why
        await asyncio.sleep(pause)


async def _why_not(settings: TopicSettings) -> str:
    wanted = {
        one.name
        for one in accesses(settings)
        if (one.user, one.resource) == (settings.kafka_user, Resource.TOPIC)
    }
    try:
        missing = wanted - await _there(settings)
    except (KafkaError, TimeoutError) as error:
        return f"Kafka does not answer at {settings.kafka} ({type(error).__name__})"
    return f"Waiting for {', '.join(sorted(missing))}" if missing else ""


async def _there(settings: TopicSettings) -> set[str]:
    admin = AIOKafkaAdminClient(**access(settings))
    try:
        await admin.start()
        return set(await admin.list_topics())
    finally:
        await admin.close()


def _tell(why: str) -> None:
    sys.stdout.write(f"{why}.\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
