"""Who may watch a stream, and until when."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from services.discover.domain.item import Stage
from shared.flow.errors import Passing
from shared.web.watching import Places
from tests.support.start_page import SIGNED_IN, Endless, House, app_of, get

LIVE = "/discover/circulation/live"
SHARED = ("Objections first", Stage.SHARED)


async def test_a_stream_ends_when_the_token_expires_that_it_was_opened_with() -> None:
    stream = await get(LIVE, Endless(SHARED), SIGNED_IN)

    assert stream.text.count("event: step") == 1


async def test_whoever_finds_no_room_is_told_to_try_again() -> None:
    answer = await get(LIVE, app_of(House(), places=0))

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].endswith("Try again in a moment.")


async def test_a_stream_that_ended_makes_room_for_the_next() -> None:
    app = app_of(House(SHARED))
    await get(LIVE, app)

    assert (await get(LIVE, app)).status_code == 200


async def test_a_watcher_who_leaves_makes_room_for_the_next() -> None:
    app = app_of(Endless(SHARED))
    await watch_until_it_moves(app)

    assert (await get(LIVE, app, SIGNED_IN)).status_code == 200


async def watch_until_it_moves(app: Any) -> None:
    """Open the stream as somebody unknown, and hang up after its first event."""
    moved = asyncio.Event()

    async def send(message: Mapping[str, Any]) -> None:
        if message.get("body"):
            moved.set()

    async def receive() -> dict[str, Any]:
        await moved.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": LIVE, "query_string": b"", "headers": []}
    await app(scope, receive, send)


def test_there_is_room_for_so_many_and_for_another_when_one_leaves() -> None:
    places = Places(1)
    with places.one(), pytest.raises(Passing), places.one():
        pass

    with places.one():
        pass
