"""Bodies are bounded before anybody reads them whole."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel

from shared.web import problems
from shared.web.bodies import BodyLimit

LARGEST = 256 * 1024
FITTING = b'{"text": "' + b"x" * (LARGEST - 12) + b'"}'
TOO_LARGE = FITTING + b" "
JSON = {"content-type": "application/json"}


class Sent(BaseModel):
    """A body that FastAPI reads."""

    text: str


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.add_middleware(BodyLimit)
    problems.install(app)

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.post("/model")
    async def model(sent: Sent) -> int:
        return len(sent.text)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house") as client:
        yield client


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


@pytest.mark.parametrize("path", ["/raw", "/model"])
async def test_a_body_of_the_largest_size_is_read(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=FITTING, headers=JSON)).status_code == 200
    assert (await client.post(path, content=in_pieces(FITTING), headers=JSON)).status_code == 200


@pytest.mark.parametrize("path", ["/raw", "/model"])
async def test_a_larger_body_is_refused_by_what_it_says_of_itself(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.post(path, content=TOO_LARGE, headers=JSON)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "256 KB" in answer.json()["detail"]


async def test_a_larger_body_is_refused_as_it_comes(client: httpx.AsyncClient) -> None:
    answer = await client.post("/raw", content=in_pieces(TOO_LARGE), headers=JSON)

    assert answer.status_code == 413


async def test_so_it_is_where_a_model_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/model", content=in_pieces(TOO_LARGE), headers=JSON)

    assert answer.status_code == 413


async def test_a_body_that_says_it_is_smaller_is_counted(client: httpx.AsyncClient) -> None:
    answer = await client.post("/raw", content=in_pieces(TOO_LARGE), headers=JSON | {"content-length": "7"})

    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["", "-1", "many", "1.5"])
async def test_a_length_that_is_none_is_counted_instead(client: httpx.AsyncClient, length: str) -> None:
    assert (await client.post("/raw", content=b"x", headers=JSON | {"content-length": length})).json() == 1


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 50_000, b'{"text": "\xff"}', b'{"text": 7}'])
async def test_a_body_that_cannot_be_read_is_the_senders_problem(
    client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post("/model", content=body, headers=JSON)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
