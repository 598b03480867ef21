"""Ends tasks for certain, also one in which a library swallowed the cancellation."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN = 0.5
"""Seconds that a task gets to tidy up before it is cancelled once more."""


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel the tasks, and return when all have ended; how they ended is not asked.

    A driver may answer a cancellation with an error of its own; whoever tries again after errors then goes on, and
    must be cancelled once more.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
