"""The launcher behind `make run`: checks what must be in order, runs the house, and ends with an exit code."""

import logging
import os
import socket
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from rich.console import Console

from deploy.local import embedded
from deploy.local.checks import check_disk, disk_full, locked, take_port
from deploy.local.life import live
from deploy.local.options import Options, read_options
from deploy.local.stopped import CannotRun, is_disk_full
from deploy.local.telling import say
from deploy.memory import give_memory_back
from deploy.until_stopped import run_until_stopped
from shared.observability.logs import configure

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
    give_memory_back()
    run_until_stopped(live(options, door, _log_file(options.data), Console()), _TO_STOP)


def _log_file(data_dir: Path) -> Path:
    """Let the services log into a file, and show on the terminal only what happens to embedded servers."""
    path = data_dir / "logs" / "services.log"
    path.parent.mkdir(exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_LOG_SIZE, backupCount=1, encoding="utf-8")
    # On one's own machine only what is wrong is worth the disk, unless one asks for more.
    configure(os.environ.get("KNOWHOW_LOG_LEVEL", "warning"), handler)
    embedded.log.addHandler(logging.StreamHandler())
    return path
