"""Ends a process's work politely when it is told to stop, and by force when that takes too long."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_stopped(life: Coroutine[Any, Any, None], within: float) -> None:
    """Run until it ends or the process is told to stop; then it is cancelled, and has this many seconds to end.

    Raises:
        Exception: what it raised.
    """
    with asyncio.Runner() as runner, suppress(asyncio.CancelledError):
        runner.run(_until_stopped(life, within))


async def _until_stopped(life: Coroutine[Any, Any, None], within: float) -> None:
    task = asyncio.create_task(life)
    stop = _once(lambda: _stop(task, within))
    for signum in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(signum, stop)
    await task


def _once(do: Callable[[], None]) -> Callable[[], None]:
    # A second Ctrl-C must not interrupt the stopping that the first one began.
    waiting = [do]
    return lambda: waiting.pop()() if waiting else None


def _stop(task: asyncio.Task[None], within: float) -> None:
    task.cancel()
    # Whatever still hangs then ends with the process: a thread, so that a blocked event loop cannot prevent it.
    timer = threading.Timer(within, os._exit, [1])
    timer.daemon = True
    timer.start()
