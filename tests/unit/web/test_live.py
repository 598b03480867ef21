"""Streams that last as long as somebody watches."""

from collections.abc import AsyncIterator
from typing import Any

from shared.flow.errors import Passing
from shared.web.live import ends_with, stopping, while_serving


class Server:
    """As much of a server as streams look at."""

    should_exit = False


async def forever(*things: Any) -> AsyncIterator[Any]:
    for thing in things:
        yield thing
    raise Passing


async def test_a_stream_ends_when_what_it_tells_of_is_away() -> None:
    heard = [thing async for thing in while_serving(forever(1, 2), lambda: False)]

    assert heard == [1, 2]


async def test_a_stream_ends_when_it_is_told_to() -> None:
    ends = iter([False, True])

    heard = [thing async for thing in while_serving(forever(1, 2, 3), lambda: next(ends))]

    assert heard == [1]


def test_streams_go_on_until_every_server_that_was_named_stops() -> None:
    servers = [Server(), Server()]
    for server in servers:
        ends_with(server)

    servers[0].should_exit = True
    one_stopped = stopping()
    servers[1].should_exit = True

    assert not one_stopped
    assert stopping()
