"""The embedded servers come up, stay up, and leave nothing behind."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local.answering import accepts, serves_http
from deploy.local.embedded import EmbeddedServer, Program
from deploy.local.servers import Servers, embedded
from deploy.local.stopped import CannotRun
from tests.support.eventually import eventually
from tests.support.processes import is_gone, start_python

GIVEN = {"kafka": "kafka.test:9092", "mongodb": "mongodb://mongo.test", "opensearch": "https://search.test"}
KEEP_SERVERS = """
import asyncio, sys
from pathlib import Path
from deploy.local.servers import embedded

async def main():
    async with embedded(Path(sys.argv[1]), {}) as servers:
        print(*(server.pid for server in servers.embedded.values()), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_servers_that_are_there_already_are_used(tmp_path: Path) -> None:
    async with embedded(tmp_path, GIVEN) as servers:
        assert dict(servers) == GIVEN
        assert not servers.embedded


async def test_servers_come_up_and_leave_no_process(tmp_path: Path) -> None:
    async with embedded(tmp_path, {}) as servers:
        pids = _pids(servers)
        assert set(servers) == {"kafka", "mongodb", "opensearch"}
        assert all([await accepts(server.program.port) for server in servers.embedded.values()])

    assert all(map(is_gone, pids))


async def test_a_server_that_dies_is_started_again_under_its_address(tmp_path: Path) -> None:
    async with _only_opensearch(tmp_path) as (servers, server):
        died = server.pid
        os.kill(died or 0, signal.SIGKILL)

        await eventually(lambda: server.pid not in (None, died))
        await eventually(lambda: serves_http(server.program.port))

        assert servers["opensearch"].endswith(str(server.program.port))


async def test_a_server_that_was_killed_stays_down_until_it_is_started(tmp_path: Path) -> None:
    async with _only_opensearch(tmp_path) as (servers, server):
        await servers.kill("opensearch")
        assert server.pid is None

        await servers.start("opensearch")
        assert await serves_http(server.program.port)


async def test_a_server_that_does_not_come_up_is_named_with_its_log(tmp_path: Path) -> None:
    broken = Program("Kafka", [sys.executable, "-c", "print('no room')"], 1, accepts)
    server = EmbeddedServer(broken, tmp_path / "kafka.log")

    with pytest.raises(CannotRun, match=r"Kafka did not come up; its log .*kafka\.log says why"):
        await server.start()

    assert "no room" in (tmp_path / "kafka.log").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
async def test_a_launcher_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    launcher = await start_python("-c", KEEP_SERVERS, str(tmp_path))
    assert launcher.stdout
    pids = [int(pid) for pid in (await launcher.stdout.readline()).split()]

    launcher.kill()
    await launcher.communicate()

    assert len(pids) == 3
    await eventually(lambda: all(map(is_gone, pids)))


@asynccontextmanager
async def _only_opensearch(tmp_path: Path) -> AsyncIterator[tuple[Servers, EmbeddedServer]]:
    async with embedded(tmp_path, {**GIVEN, "opensearch": ""}) as servers:
        yield servers, servers.embedded["opensearch"]


def _pids(servers: Servers) -> list[int]:
    return [server.pid or 0 for server in servers.embedded.values()]
