"""The process's side of a conversation: each line on standard input is one call, each answer one line."""

import asyncio
import json
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer


def obey(worker: Any) -> None:
    """Call what is asked for, until standard input ends."""
    with asyncio.Runner() as runner:
        runner.run(_obey(worker))


async def _obey(worker: Any) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        name, wish = json.loads(line)
        answer = await getattr(worker, name)(**wish)
        print(json.dumps(answer), flush=True)  # noqa: T201 - that is the conversation.


async def uncommitted(consumer: AIOKafkaConsumer) -> int:
    """How many records of its partitions a consumer has not committed yet."""
    places = list(consumer.assignment())
    ends = await consumer.end_offsets(places)
    return sum([ends[place] - (await consumer.committed(place) or 0) for place in places])
