"""One service in a process of its own, as in production: how it starts, how it is, how it ends."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.health import why_not
from deploy.local.stopped import Reason
from shared.identity.issuer import load_people
from shared.identity.signatures import new_key
from tests.support.eventually import eventually
from tests.support.house import free_port
from tests.support.processes import start_python

pytestmark = pytest.mark.timeout(300)

PATIENCE = 240
"""Seconds in which a Python starts even on a busy machine."""

NEEDED = {
    "AUTHOR_KEY": "k" * 32,
    "ISSUER": "https://id.example",
    "JWKS": "keys.json",
    "KAFKA_IDLE_PAUSE_MS": "5",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, addresses: Mapping[str, str]) -> None:
    own = {"GATEWAY_KEY": new_key("codify-gateway"), "PREFIX": f"s{uuid4().hex[:8]}_"}
    servers = {name.upper(): address for name, address in addresses.items()}
    for name, value in (NEEDED | own | servers).items():
        monkeypatch.setenv(f"KNOWHOW_{name}", value)


@asynccontextmanager
async def process(service: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """The service, and its port; killed at the end of the block unless it has ended."""
    port = free_port()
    settings = {name: value for name, value in os.environ.items() if name.startswith("KNOWHOW_")}
    where = ("--host", "127.0.0.1", "--port", str(port))
    started = await start_python("-m", "deploy.serve", service, *where, settings=settings)
    try:
        yield started, port
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def ends(service: str) -> tuple[int | None, str]:
    """How a service that cannot run ends, and what it says."""
    async with process(service) as (started, _):
        _, said = await started.communicate()
        return started.returncode, said.decode()


async def healthy(port: int) -> bool:
    return not await asyncio.to_thread(why_not, port)


@pytest.mark.parametrize("service", ["discover", "share", "codify", "spread"])
async def test_a_service_becomes_healthy_and_ends_in_peace(service: str) -> None:
    async with process(service) as (started, port):
        await eventually(lambda: healthy(port), within=PATIENCE)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/{service}/live")).is_success

        started.send_signal(signal.SIGTERM)

        assert await started.wait() == 0


async def test_the_sign_in_for_trials_knows_the_people_of_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWHOW_IDENTITY_DATA", str(tmp_path))

    async with process("identity") as (_, port):
        await eventually(lambda: healthy(port), within=PATIENCE)

    assert "ines" in {person.id for person in load_people(tmp_path)}


async def test_nobody_is_healthy_where_nobody_answers() -> None:
    assert "does not answer" in await asyncio.to_thread(why_not, free_port())


@pytest.mark.parametrize(
    ("name", "value", "reason", "sentence"),
    [
        (
            "AUTHOR_KEY",
            "",
            Reason.SETTINGS_WRONG,
            "Set KNOWHOW_AUTHOR_KEY in the environment, or put it into",
        ),
        ("KAFKA_SECURITY", "TLS", Reason.SETTINGS_WRONG, "Correct KNOWHOW_KAFKA_SECURITY in the environment"),
        ("GATEWAY_KEY", "", Reason.SERVICE_DOWN, "Set KNOWHOW_GATEWAY_KEY: codify signs decisions with it."),
        (
            "MONGODB",
            "mongodb://us:hunter2@127.0.0.1:1",
            Reason.SERVER_DOWN,
            "MongoDB does not answer at 127.0.0.1:1",
        ),
        ("KAFKA", "127.0.0.1:1", Reason.SERVER_DOWN, "Kafka does not answer at 127.0.0.1:1"),
    ],
)
async def test_what_cannot_start_says_why_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: Reason, sentence: str
) -> None:
    monkeypatch.setenv(f"KNOWHOW_{name}", value)

    code, said = await ends("codify")

    assert code == reason
    assert sentence in said
    assert "Traceback" not in said
    assert "hunter2" not in said
