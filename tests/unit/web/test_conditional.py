"""Conditional requests: nobody overwrites what they have not read."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.web import problems
from shared.web.conditional import IfMatch, etag


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)

    @app.get("/version")
    async def version(read: IfMatch) -> int:
        return read

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house") as client:
        yield client


@pytest.mark.parametrize("tag", [etag(7), etag(7, "captured"), "7", ' "7" ', 'W/"7"', 'W/"7.captured"'])
async def test_the_version_that_was_read_is_the_one_in_the_tag(client: httpx.AsyncClient, tag: str) -> None:
    answer = await client.get("/version", headers={"If-Match": tag})

    assert answer.json() == 7


async def test_without_a_tag_nothing_is_changed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/version")

    assert answer.status_code == 428
    assert "If-Match" in answer.json()["detail"]


@pytest.mark.parametrize(
    "tag", ["*", '""', "", '"captured"', '"-7"', '"7", "8"', '"1e3"', b'"\xd9\xa7"', '"9999999999"']
)
async def test_a_tag_that_we_never_gave_is_refused(client: httpx.AsyncClient, tag: str | bytes) -> None:
    answer = await client.get(
        "/version", headers={b"If-Match": tag.encode() if isinstance(tag, str) else tag}
    )

    assert answer.status_code == 412
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_tag_is_quoted_and_tells_variants_apart() -> None:
    assert etag(7) == '"7"'
    assert etag(7, "captured") == '"7.captured"' != etag(7, "shared")
