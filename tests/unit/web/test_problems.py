"""Errors as problems: a sentence that tells the person what to do, and nothing about our servers."""

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from shared.flow.errors import Passing
from shared.identity.jwks import IssuerAway
from shared.storage.drivers import AWAY
from shared.web import problems

ADDRESS = "10.0.3.7:27017: [Errno 111] Connection refused"
ELSEWHERE = "A server behind this one does not answer. Try again in a moment."


async def _answer_to(error: Exception) -> tuple[int, str, str]:
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    async def fail() -> None:
        raise error

    async with AsyncClient(transport=ASGITransport(app), base_url="http://house") as client:
        answer = await client.get("/")
    return answer.status_code, answer.headers["Retry-After"], answer.json()["detail"]


@pytest.mark.parametrize("kind", [*AWAY, TimeoutError])
async def test_who_waits_for_a_server_is_not_told_where_it_is(kind: type[Exception]) -> None:
    assert await _answer_to(kind(ADDRESS)) == (503, "2", ELSEWHERE)


@pytest.mark.parametrize("error", [Passing("The database rests."), IssuerAway("The database rests.")])
async def test_what_passes_by_itself_is_told_in_our_own_words(error: Exception) -> None:
    assert await _answer_to(error) == (503, "2", "The database rests. Try again in a moment.")
