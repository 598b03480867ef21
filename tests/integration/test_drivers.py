"""Clients write durably and give up in time, whichever of the two drivers is underneath."""

import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.local.servers import Servers, embedded
from shared.flow.errors import Fault, fault_of
from shared.storage.drivers import close, connect, is_away
from tests.support.eventually import eventually
from tests.support.processes import stalled

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""PyMongo leaves it to the garbage collector to close sockets of a server that died."""


@pytest.fixture
async def own(tmp_path: Path, addresses: Mapping[str, str]) -> AsyncIterator[Servers]:
    """A MongoDB of the test's own, to do harm to."""
    async with embedded(tmp_path, {**addresses, "mongodb": ""}) as servers:
        yield servers


@pytest.fixture(params=["motor", "pymongo"])
async def client(own: Servers, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """A client of this MongoDB, which holds one thing."""
    made = connect(own["mongodb"], request.param)
    await made.test.things.insert_one({"_id": 1})
    yield made
    await close(made)


async def test_writes_wait_for_the_journal_of_a_majority_and_are_not_repeated_unseen(client: Any) -> None:
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.options.retry_writes is False


async def test_closing_twice_is_harmless(client: Any) -> None:
    await close(client)
    await close(client)


@pytest.mark.parametrize("write", [True, False])
async def test_a_dead_server_is_away_within_two_seconds(client: Any, own: Servers, write: bool) -> None:
    await own.kill("mongodb")

    error, took = await _failure(_call(client, write=write))

    assert fault_of(error) is Fault.PASSING
    assert took < 2.2


@pytest.mark.parametrize("write", [True, False])
async def test_a_stalled_server_is_away_after_some_seconds(client: Any, own: Servers, write: bool) -> None:
    async with stalled(own.embedded["mongodb"].pid):
        error, took = await _failure(_call(client, write=write))

    assert fault_of(error) is Fault.PASSING
    assert took < 6


async def test_a_server_that_comes_back_is_found_again(client: Any, own: Servers) -> None:
    await own.kill("mongodb")
    await _failure(client.test.things.find_one({}))

    await own.start("mongodb")

    assert await client.test.things.find_one({}) == {"_id": 1}


async def test_a_server_that_goes_on_is_found_again(client: Any, own: Servers) -> None:
    async with stalled(own.embedded["mongodb"].pid):
        await _failure(client.test.things.find_one({}))

    assert await eventually(lambda: client.test.things.find_one({})) == {"_id": 1}


def test_an_error_of_ours_is_no_absence() -> None:
    assert not is_away(ValueError("no"))


def _call(client: Any, *, write: bool) -> Any:
    return client.test.things.insert_one({"_id": 2}) if write else client.test.things.find_one({})


async def _failure(call: Any) -> tuple[Exception, float]:
    start = time.monotonic()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one it is differs between drivers.
        await call
    return caught.value, time.monotonic() - start
