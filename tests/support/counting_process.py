"""The counting service as a process of its own, to be killed: `python -m tests.support.counting_process NAME SETTINGS`."""

import asyncio
import logging
import sys

from shared.settings import Settings
from tests.support.counting import Counting


async def main(name: str, settings: str) -> None:
    """Run until somebody kills us."""
    # Nobody reads what we log, and a full pipe would stop us while Kafka is away.
    logging.disable()
    async with Counting(name).running(Settings.model_validate_json(settings)):
        print("ready", flush=True)  # noqa: T201 - that is how the test learns it.
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
