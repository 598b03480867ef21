"""What many tests need: a house that runs, and servers, which the end of the run names."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest
import pytest_asyncio

from tests.support.house import House, running
from tests.support.servers import NAMES, given, told

TOLD = pytest.StashKey[str]()


@pytest.fixture(scope="session", autouse=True)
def servers_in_containers(pytestconfig: pytest.Config) -> Iterator[None]:
    """With KNOWHOW_TEST_SERVERS=containers, all servers that no address is given for are started by testcontainers."""
    wanted = os.environ.get("KNOWHOW_TEST_SERVERS") == "containers"
    missing = set(NAMES) - set(given()) if wanted else set[str]()
    with _contained(missing) as addresses, pytest.MonkeyPatch.context() as environment:
        for name, address in addresses.items():
            environment.setenv(f"KNOWHOW_{name.upper()}", address)
        pytestconfig.stash[TOLD] = told(missing)
        yield


def _contained(missing: set[str]) -> AbstractContextManager[dict[str, str]]:
    if not missing:
        return nullcontext({})
    # Unit tests must not wait for the import of a Docker client.
    from tests.support.containers import containers  # noqa: PLC0415

    return containers(missing)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which servers were used."""
    if TOLD in config.stash:
        terminalreporter.write_line(config.stash[TOLD])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all tests of a session that only need one to be there."""
    async with running(tmp_path_factory.mktemp("house")) as started:
        yield started


@pytest.fixture(scope="session")
def house_url(house: House) -> str:
    """Where that house answers."""
    return house.url
