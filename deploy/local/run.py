"""The launcher behind `make run`: checks what must be in order, runs the house, and ends with an exit code."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import uvloop
from rich.console import Console

from deploy.local import embedded
from deploy.local.checks import check_disk, disk_full, locked, take_port
from deploy.local.life import live
from deploy.local.options import Options, read_options
from deploy.local.stopped import CannotRun, is_disk_full
from deploy.local.telling import say
from shared.observability.logs import configure

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TO_STOP: Final = 4.7
_LOG_SIZE: Final = 10_000_000


def run(arguments: Sequence[str]) -> int:
    """Run the house until Ctrl-C or SIGTERM; gives back 0 then, and otherwise the reason why it cannot run."""
    options = read_options(arguments, os.environ)
    try:
        _run(options)
    except CannotRun as trouble:
        return _told(trouble)
    except OSError as error:
        if is_disk_full(error):
            return _told(disk_full(options.data))
        raise
    return 0


def _told(trouble: CannotRun) -> int:
    say(Console(stderr=True), str(trouble))
    return trouble.reason


def _run(options: Options) -> None:
    with locked(options.data):
        check_disk(options.data)
        with take_port(options.host, options.port) as door:
            _run_at(door, options)


def _run_at(door: socket.socket, options: Options) -> None:
    life = live(options, door, _log_file(options.data), Console())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, suppress(asyncio.CancelledError):
        runner.run(_until_stopped(life))


async def _until_stopped(life: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(life)
    stop = _once(_stop, task)
    for signum in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(signum, stop)
    await task


def _once(do: Callable[[asyncio.Task[None]], None], task: asyncio.Task[None]) -> Callable[[], None]:
    # A second Ctrl-C must not interrupt the stopping that the first one began.
    waiting = [task]
    return lambda: do(waiting.pop()) if waiting else None


def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    # Whatever still hangs then ends with the process: a thread, so that a blocked event loop cannot prevent it.
    timer = threading.Timer(_TO_STOP, os._exit, [1])
    timer.daemon = True
    timer.start()


def _log_file(data_dir: Path) -> Path:
    """Let the services log into a file, and show on the terminal only what happens to embedded servers."""
    path = data_dir / "logs" / "services.log"
    path.parent.mkdir(exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_LOG_SIZE, backupCount=1, encoding="utf-8")
    # On one's own machine only what is wrong is worth the disk, unless one asks for more.
    configure(os.environ.get("KNOWHOW_LOG_LEVEL", "warning"), handler)
    embedded.log.addHandler(logging.StreamHandler())
    return path
