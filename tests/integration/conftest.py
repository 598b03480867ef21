"""The servers that integration tests ask: those named in the environment, else embedded ones."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest
from pydantic import SecretStr

from deploy.local.servers import embedded
from shared.settings import Settings
from tests.support.counting import Counting
from tests.support.servers import given


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Where the servers are, for all tests that leave them running."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers = embedded(tmp_path_factory.mktemp("servers"), given())
    try:
        yield asyncio.run_coroutine_threadsafe(servers.__aenter__(), loop).result(60)
    finally:
        asyncio.run_coroutine_threadsafe(servers.__aexit__(None, None, None), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def settings(addresses: Mapping[str, str]) -> Settings:
    """Settings for these servers, with databases and indexes of this session's own."""
    unused = SecretStr("unused" * 8)
    return Settings(
        kafka=addresses["kafka"],
        mongodb=addresses["mongodb"],
        opensearch=addresses["opensearch"],
        author_key=unused,
        gateway_key=unused,
        issuer="https://id.example",
        jwks="unused",
        prefix=f"t{uuid4().hex[:8]}_",
        kafka_idle_pause_ms=5,
    )


@pytest.fixture
def counting() -> Counting:
    """A service that nobody else has heard of."""
    return Counting(f"counting-{uuid4().hex[:8]}")
