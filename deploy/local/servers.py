"""Kafka, MongoDB and OpenSearch for one machine, from Python packages, except those that are there already."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from deploy.local.answering import accepts, serves_http
from deploy.local.embedded import EmbeddedServer, Program
from deploy.local.ports import LOOPBACK, choose_ports
from deploy.local.stopped import CannotRun, Reason

_MONGODB_CONFIG: Final = Path(__file__).with_name("secantusd.toml")


class Servers(Mapping[str, str]):
    """The addresses under `kafka`, `mongodb` and `opensearch`; `embedded` holds those that run as child processes."""

    def __init__(self, addresses: Mapping[str, str], embedded: Mapping[str, EmbeddedServer]) -> None:
        self._addresses = addresses
        self.embedded = embedded

    def __getitem__(self, name: str) -> str:
        return self._addresses[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)

    async def kill(self, name: str) -> None:
        """End an embedded server as a crash would; it stays down until it is started.

        Raises:
            KeyError: this server is not an embedded one.
        """
        await self.embedded[name].kill()

    async def start(self, name: str) -> None:
        """Start an embedded server again under its address; where it runs, nothing happens.

        Raises:
            KeyError: this server is not an embedded one.
            CannotRun: it does not come up.
        """
        await self.embedded[name].start()


@asynccontextmanager
async def embedded(data_dir: Path, given: Mapping[str, str]) -> AsyncIterator[Servers]:
    """The three servers until the block ends: those given by their addresses, and child processes for the others.

    Raises:
        CannotRun: one does not come up; those that did are stopped.
        OSError: the folder cannot be written to.
    """
    own = _own(data_dir, given)
    addresses = {name: given.get(name) or _KINDS[name].address(own[name].program.port) for name in _KINDS}
    try:
        await asyncio.gather(*(server.start() for server in own.values()))
        async with _watched(own):
            yield Servers(addresses, own)
    finally:
        await asyncio.gather(*(server.stop() for server in own.values()))


@asynccontextmanager
async def _watched(own: Mapping[str, EmbeddedServer]) -> AsyncIterator[None]:
    watches = [asyncio.create_task(server.watch()) for server in own.values()]
    try:
        yield
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)


def _own(data_dir: Path, given: Mapping[str, str]) -> dict[str, EmbeddedServer]:
    (data_dir / "logs").mkdir(parents=True, exist_ok=True)
    ports = choose_ports([name for name in _KINDS if not given.get(name)], data_dir / "ports.json")
    return {
        name: EmbeddedServer(_program(name, data_dir, port), data_dir / "logs" / f"{name}.log")
        for name, port in ports.items()
    }


def _program(name: str, data_dir: Path, port: int) -> Program:
    kind = _KINDS[name]
    try:
        command = kind.command(data_dir / name, port)
    except ImportError as error:
        raise CannotRun(
            Reason.SERVER_DOWN,
            f"The embedded {kind.title} is not installed: install knowhow-circulation[local], "
            f"or name a server of yours in KNOWHOW_{name.upper()}.",
        ) from error
    return Program(kind.title, command, port, kind.answers, kind.farewell)


@dataclass(frozen=True)
class _Kind:
    title: str
    address: Callable[[int], str]
    command: Callable[[Path, int], list[str]]
    answers: Callable[[int], Awaitable[bool]]
    farewell: signal.Signals = signal.SIGKILL


def _kafka(data: Path, port: int) -> list[str]:
    program = str(files("noida_db") / "noida-db")
    where = ["--data-dir", str(data), "--kafka-port", str(port), "--host", LOOPBACK]
    return [program, "start", "--only", "kafka", *where]


def _mongodb(data: Path, port: int) -> list[str]:
    # It is under another licence, so it is looked for but never imported into this process.
    if find_spec("secantus") is None:
        raise ModuleNotFoundError(name="secantus")
    where = ["--host", LOOPBACK, "--port", str(port), "--storage-path", str(data)]
    program = [sys.executable, "-P", "-m", "secantus"]
    return [*program, "--config", str(_MONGODB_CONFIG), "--cache-size", "256M", *where]


def _opensearch(_: Path, port: int) -> list[str]:
    program = import_module("osmem_server").resolve_binary()
    where = ["-addr", f"{LOOPBACK}:{port}", "-parent-pid", str(os.getpid())]
    return [program, *where, "-no-stdin-watch", "-no-ja"]


_KINDS: Final = {
    # Kafka writes its log down when asked to end, and would lose the newest records if it were killed.
    "kafka": _Kind("Kafka", lambda port: f"{LOOPBACK}:{port}", _kafka, accepts, signal.SIGTERM),
    "mongodb": _Kind("MongoDB", lambda port: f"mongodb://{LOOPBACK}:{port}", _mongodb, accepts),
    "opensearch": _Kind("OpenSearch", lambda port: f"http://{LOOPBACK}:{port}", _opensearch, serves_http),
}
