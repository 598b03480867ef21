"""OpenSearch behind TLS and a password: who has the right ones comes in, and all others do not."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import AuthenticationException
from opensearchpy.exceptions import ConnectionError as SearchConnectionError

from shared.settings import Settings
from shared.storage.search import connect
from tests.support.certificates import Certificates, certificates
from tests.support.tls_gateway import gateway

USER = ("knowhow", "a p:ssword")


@pytest.fixture
def signed(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
async def address(addresses: Mapping[str, str], signed: Certificates) -> AsyncIterator[str]:
    async with gateway(signed, urlsplit(addresses["opensearch"]).port or 9200, USER) as found:
        yield found


@asynccontextmanager
async def client(settings: Settings) -> AsyncIterator[AsyncOpenSearch]:
    made = connect(settings.opensearch, settings.opensearch_login, settings.opensearch_ca)
    try:
        yield made
    finally:
        await made.close()


def settings_of(password: str, ca: Path | None, address: str) -> Settings:
    given = {
        "author_key": "unused" * 8,
        "issuer": "unused",
        "jwks": "unused",
        "opensearch": address,
        "opensearch_user": USER[0],
        "opensearch_password": password,
        "opensearch_ca": ca,
    }
    return Settings.model_validate(given)


async def test_the_right_password_over_the_right_authority_comes_in(
    address: str, signed: Certificates
) -> None:
    async with client(settings_of(USER[1], signed.ca, address)) as search:
        await search.indices.create(index="over-tls")
        assert await search.indices.exists(index="over-tls")
        await search.indices.delete(index="over-tls")


async def test_a_wrong_password_stays_outside(address: str, signed: Certificates) -> None:
    async with client(settings_of("guessed", signed.ca, address)) as search:
        with pytest.raises(AuthenticationException):
            await search.info()


@pytest.mark.parametrize("other", [True, False])
async def test_a_server_that_the_authority_does_not_vouch_for_is_not_talked_to(
    address: str, tmp_path: Path, other: bool
) -> None:
    (tmp_path / "other").mkdir()
    ca = certificates(tmp_path / "other").ca if other else None

    async with client(settings_of(USER[1], ca, address)) as search:
        with pytest.raises(SearchConnectionError, match="certificate verify failed"):
            await search.info()
