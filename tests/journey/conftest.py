"""One item on its whole way round; each numbered test goes on where the one before it stopped."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.support.house import House, running


@dataclass
class Tale:
    """The item whose journey is told, and what became of it."""

    item_id: str = ""
    learnt_id: str = ""


@pytest.fixture(scope="session")
def tale() -> Tale:
    return Tale()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of the journey's own, which its tests crash now and then."""
    async with running(tmp_path_factory.mktemp("town")) as started:
        yield started
