"""Does many things at once, but not too many, and stops them all when one cannot go on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from shared.cli.stop import Stop

T = TypeVar("T")


async def abreast(things: Iterable[T], work: Callable[[T], Awaitable[None]], at_once: int) -> None:
    """Do the work for each thing, `at_once` of them at a time and begun in order.

    Raises:
        Stop: the first that a piece of work raised; the others are cancelled.
    """
    left = iter(things)

    async def worker() -> None:
        for thing in left:
            await work(thing)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except* Stop as stops:
        raise _first(stops) from None


def _first(stops: BaseExceptionGroup[Stop]) -> Stop:
    inner = stops.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
