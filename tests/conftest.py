"""What many tests need: a house that runs."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.house import House, running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all tests of a session that only need one to be there."""
    async with running(tmp_path_factory.mktemp("house")) as started:
        yield started


@pytest.fixture(scope="session")
def house_url(house: House) -> str:
    """Where that house answers."""
    return house.url
