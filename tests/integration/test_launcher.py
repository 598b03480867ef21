"""What `make run` promises: one copy, clear refusals, servers that stay up, and nothing left behind."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local.answering import accepts
from deploy.local.checks import check_disk, locked, take_port
from deploy.local.first_start import FirstStart
from deploy.local.keys import house_settings, identity_in
from deploy.local.options import read_options
from deploy.local.ports import choose_ports
from deploy.local.python_version import too_old
from deploy.local.stopped import CannotRun, Reason
from shared.identity.issuer import load_people
from tests.support.eventually import eventually
from tests.support.processes import start_python

GIVEN = {"kafka": "kafka.test:9092", "mongodb": "mongodb://mongo.test", "opensearch": "https://search.test"}


def test_a_python_that_is_too_old_is_told_what_to_do() -> None:
    assert too_old((3, 11)) == too_old((3, 14)) == too_old((4, 0)) == ""
    assert "3.11 or newer is needed and this is 3.9" in too_old((3, 9))


def test_a_second_copy_on_the_same_data_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(CannotRun, match=f"Process {os.getpid()} already") as refused:
        locked(tmp_path).__enter__()

    assert refused.value.reason is Reason.ALREADY_RUNNING


def test_the_data_can_be_used_again_once_the_first_copy_has_ended(tmp_path: Path) -> None:
    with locked(tmp_path):
        pass

    with locked(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotRun, match="cannot be used") as refused:
        locked(tmp_path / "file" / "below").__enter__()

    assert refused.value.reason is Reason.DATA_UNUSABLE


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    check_disk(tmp_path, enough=1)

    with pytest.raises(CannotRun, match="is full; free at least 200 MB") as refused:
        check_disk(tmp_path, enough=10**18)

    assert refused.value.reason is Reason.DISK_FULL


def test_a_port_in_use_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CannotRun, match=f"Port {port} is in use") as refused:
            take_port("127.0.0.1", port)

    assert refused.value.reason is Reason.PORT_IN_USE


async def test_who_comes_in_does_not_wait_for_the_rest_of_an_answer() -> None:
    sends_at_once: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def come_in(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering = writer.get_extra_info("socket")
        sends_at_once.set_result(answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(come_in, sock=take_port("127.0.0.1", 0)) as server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await sends_at_once
        writer.close()
        await writer.wait_closed()


def test_only_this_machine_can_come_in_unless_told_otherwise() -> None:
    assert not read_options([], {}).is_beyond_this_machine
    assert read_options(["--host", "0.0.0.0"], {}).is_beyond_this_machine  # noqa: S104 - not listened on.


def test_the_port_can_be_given_to_make() -> None:
    assert read_options([], {"PORT": "9001"}).port == 9001


def test_ports_are_the_same_at_the_next_start_unless_taken(tmp_path: Path) -> None:
    first = choose_ports(["kafka", "mongodb"], tmp_path / "ports.json")

    with socket.create_server(("127.0.0.1", first["mongodb"])):
        second = choose_ports(["kafka", "mongodb"], tmp_path / "ports.json")

    assert second["kafka"] == first["kafka"]
    assert second["mongodb"] not in first.values()


def test_a_house_that_starts_empty_has_one_administrator_and_stays_empty(tmp_path: Path) -> None:
    FirstStart(tmp_path, sample=False).list_people()
    FirstStart(tmp_path, sample=True).list_people()

    assert [person.id for person in load_people(identity_in(tmp_path))] == ["admin"]
    assert not FirstStart(tmp_path, sample=True).is_due()


def test_a_new_house_has_the_people_of_the_sample(tmp_path: Path) -> None:
    FirstStart(tmp_path, sample=True).list_people()

    assert len(load_people(identity_in(tmp_path))) > 1
    assert FirstStart(tmp_path, sample=True).is_due()


def test_settings_and_secrets_are_the_same_at_every_start(tmp_path: Path) -> None:
    first = house_settings(tmp_path, GIVEN, {})

    assert house_settings(tmp_path, GIVEN, {}) == first
    assert (first.kafka, first.mongodb, first.opensearch) == tuple(GIVEN.values())
    assert (tmp_path / "keys" / "author_key").stat().st_mode & 0o077 == 0


def test_an_issuer_named_in_the_environment_replaces_the_local_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {"KNOWHOW_ISSUER": "https://login.test", "KNOWHOW_JWKS": "https://login.test/keys"}
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)

    settings = house_settings(tmp_path, GIVEN, elsewhere)

    assert (settings.issuer, settings.identity_data) == ("https://login.test", None)


async def test_the_house_starts_answers_and_stops_within_five_seconds(tmp_path: Path) -> None:
    async with _house(tmp_path) as (launcher, url):
        assert (await _get(f"{url}/spread/live")).status_code == 200
        assert (await _get(f"{url}/identity/people")).json()["items"][0]["id"] == "admin"

        launcher.send_signal(signal.SIGINT)
        async with asyncio.timeout(5):
            assert await launcher.wait() == 0

    ports = json.loads((tmp_path / "ports.json").read_text()).values()
    assert not any([await accepts(port) for port in ports])


async def test_a_second_house_on_the_same_data_says_so_in_one_sentence(tmp_path: Path) -> None:
    with locked(tmp_path):
        second = await _launch(tmp_path, port=0)
        _, told = await second.communicate()

    assert second.returncode == Reason.ALREADY_RUNNING
    assert told.decode().startswith(f"Process {os.getpid()} already runs on")
    assert told.count(b"\n") == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_a_house_that_is_stopped_while_it_starts_leaves_no_process(
    tmp_path: Path, stop: signal.Signals
) -> None:
    launcher = await _launch(tmp_path, port=0)
    await eventually((tmp_path / "logs" / "kafka.log").exists)

    launcher.send_signal(stop)
    async with asyncio.timeout(5):
        await launcher.communicate()

    ports = json.loads((tmp_path / "ports.json").read_text()).values()
    assert not any([await accepts(port) for port in ports])


@asynccontextmanager
async def _house(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    port = choose_ports(["house"], data / "house.json")["house"]
    launcher = await _launch(data, port)
    try:
        await eventually(lambda: accepts(port), within=30)
        yield launcher, f"http://127.0.0.1:{port}"
    finally:
        if launcher.returncode is None:
            launcher.terminate()
        await launcher.communicate()


async def _launch(data: Path, port: int) -> asyncio.subprocess.Process:
    return await start_python("-m", "deploy.local", "--data", str(data), "--port", str(port))


async def _get(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(url)
