"""`python -m deploy.topics`: make the topics, and where Kafka checks users, make those and allow them what they need."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.local.stopped import CannotRun, Reason
from deploy.settings import read
from deploy.topics.allowing import allow
from deploy.topics.making import Making
from deploy.topics.settings import TopicSettings
from deploy.topics.users import give_passwords
from deploy.topics.wanted import accesses, topics
from shared.flow.kafka_access import access
from shared.settings import variable

_PATIENCE: Final = 60.0
"""Seconds in which everything must be done."""


def main() -> None:
    """Do it, and tell every change and difference; the exit code is 0, or one of `stopped.Reason`."""
    parser = argparse.ArgumentParser(prog="python -m deploy.topics", description="Make Kafka's topics.")
    parser.add_argument(
        "--grow",
        action="store_true",
        help="add partitions where there are fewer than wanted; what is on its way may then overtake",
    )
    grow = parser.parse_args().grow
    # What goes wrong is told once, as our own sentence; aiokafka would log it for each attempt.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        told = asyncio.run(prepare(read(TopicSettings), grow=grow))
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(trouble.reason)
    sys.stdout.write("".join(f"{one}.\n" for one in told or ["All topics are as they should be"]))


async def prepare(settings: TopicSettings, *, grow: bool = False) -> Sequence[str]:
    """Make the topics, and where Kafka checks users, make those and allow them what they need; what changed or differs.

    Raises:
        CannotRun: Kafka is away or refuses; done again, it goes on from there.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            return await _prepare(settings, grow=grow)
    except (KafkaError, TimeoutError) as error:
        why = str(error) or "it takes too long"
        sentence = (
            f"Kafka at {settings.kafka} does not do it ({why}); see {variable('kafka')} and what follows it."
        )
        raise CannotRun(Reason.SERVER_DOWN, sentence) from error


async def _prepare(settings: TopicSettings, *, grow: bool) -> Sequence[str]:
    admin = AIOKafkaAdminClient(**access(settings))
    client = AIOKafkaClient(**access(settings))
    try:
        await admin.start()
        told = await Making(admin, grow).make(topics(settings))
        if settings.checks_users:
            await client.bootstrap()
            if settings.passwords:
                await give_passwords(client, settings.passwords)
            told += await allow(client, accesses(settings))
        return told
    finally:
        await admin.close()
        await client.close()


if __name__ == "__main__":
    main()
