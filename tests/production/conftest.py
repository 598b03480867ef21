"""One house on `docker compose` for all tests of production, where a Docker engine answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from tests.support.compose import Composed, why_no_engine


@dataclass
class Kept:
    """What the tests before have put into the house."""

    items: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def kept() -> Kept:
    return Kept()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def composed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Composed]:
    if why := await why_no_engine():
        pytest.skip(f"Not run: {why}.")
    house = Composed(tmp_path_factory.mktemp("compose"))
    try:
        await house.up()
        yield house
    finally:
        await house.compose("down", "--volumes", "--timeout", "20")
        await house.client.aclose()
