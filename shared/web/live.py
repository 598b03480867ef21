"""Streams that last as long as somebody watches and may, and end when the server is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar
from weakref import WeakSet

from shared.flow.errors import Fault, fault_of

T = TypeVar("T")

CHECK = 0.25
"""Seconds within which a stream notices that it must end."""


_SERVERS: WeakSet[Any] = WeakSet()


def ends_with(server: Any) -> None:
    """Let streams end when this server's `should_exit` is set, for a server that leaves signals to somebody else."""
    _SERVERS.add(server)


def stopping() -> bool:
    """True once the server was told to stop: the one that handles this process's signals, or those that were named.

    Uvicorn tells the application only after the last connection is closed, and so would wait for a watcher forever.
    """
    handler = signal.getsignal(signal.SIGTERM)
    servers = list(_SERVERS) or [getattr(handler, "__self__", None)]
    return all(getattr(server, "should_exit", False) for server in servers)


async def while_serving(things: AsyncIterator[T], ends: Callable[[], bool]) -> AsyncIterator[T]:
    """The things as they come, until there are no more, the stream is to end, or a server behind it is away.

    Raises:
        Exception: what the source raises, unless it will pass; then the stream ends, and watchers ask again.
    """
    coming = asyncio.ensure_future(_next(things))
    try:
        while not ends():
            await asyncio.wait({coming}, timeout=CHECK)
            if coming.done():
                for thing in coming.result():
                    yield thing
                if not coming.result():
                    return
                coming = asyncio.ensure_future(_next(things))
    finally:
        coming.cancel()


async def _next(things: AsyncIterator[T]) -> tuple[T, ...]:
    try:
        return (await anext(things),)
    except StopAsyncIteration:
        return ()
    except Exception as error:
        if fault_of(error) is Fault.PASSING:
            return ()
        raise
