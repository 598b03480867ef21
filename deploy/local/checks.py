"""What must be in order before anything starts, so that trouble is told in one sentence and not half-way."""

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from deploy.local.stopped import CannotRun, Reason, is_disk_full

_ENOUGH: Final = 200 * 1024 * 1024


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Make the folder and keep it for this process until the block ends.

    Raises:
        CannotRun: another process keeps it, or it cannot be written to.
    """
    with _usable(data_dir), _open(data_dir / "lock") as lock:
        _take(lock, data_dir)
        yield


@contextmanager
def _usable(data_dir: Path) -> Iterator[None]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        _open(data_dir / "lock").close()
    except OSError as error:
        raise _unusable(data_dir, error) from error
    yield


def _unusable(data_dir: Path, error: OSError) -> CannotRun:
    if is_disk_full(error):
        return disk_full(data_dir)
    sentence = (
        f"The folder {shown(data_dir)} cannot be used ({error.strerror}); name another one with --data."
    )
    return CannotRun(Reason.DATA_UNUSABLE, sentence)


def _open(path: Path) -> TextIO:
    return path.open("a+", encoding="utf-8")


def _take(lock: TextIO, data_dir: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise CannotRun(
            Reason.ALREADY_RUNNING,
            f"Process {lock.read().strip()} already runs on {shown(data_dir)}, and a second copy on the same data would "
            "damage it; stop that one or name another folder with --data.",
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def check_disk(data_dir: Path, enough: int = _ENOUGH) -> None:
    """Make sure that there is room for a day's work.

    Raises:
        CannotRun: there is not.
    """
    if shutil.disk_usage(data_dir).free < enough:
        raise disk_full(data_dir)


def disk_full(data_dir: Path) -> CannotRun:
    """The sentence for a full disk."""
    return CannotRun(
        Reason.DISK_FULL,
        f"The disk that holds {shown(data_dir)} is full; free at least {_ENOUGH // 1024**2} MB and start again.",
    )


def take_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address, which nobody else can then take; it does not answer yet.

    Raises:
        CannotRun: somebody else has the port, or there is no such address on this machine.
    """
    door = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Where the protocol is not named, asyncio leaves Nagle's algorithm on, and an answer in two parts takes 40 ms longer.
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as error:
        if door:
            door.close()
        raise no_port(host, port, error) from error
    return door


def no_port(host: str, port: int, error: OSError) -> CannotRun:
    """The sentence for an address that cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return CannotRun(
            Reason.PORT_IN_USE,
            f"Port {port} is in use by another program; choose another one: PORT={port + 1} make run, or --port.",
        )
    return CannotRun(Reason.ADDRESS_UNUSABLE, f"{host}:{port} cannot be listened on ({error.strerror}).")


def shown(path: Path) -> str:
    """The path as the person can use it where they are."""
    return os.path.relpath(path)
