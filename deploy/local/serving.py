"""The web server: says when it is ready and ends politely when the launcher is cancelled."""

import asyncio
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from shared.web.live import ends_with

_FOR_OPEN_REQUESTS: Final = 1
"""Seconds; live streams end by themselves before."""


class _Server(uvicorn.Server):
    """Leaves signals to the launcher, which also has child processes to end."""

    def __init__(self, app: ASGIApp, when_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=_FOR_OPEN_REQUESTS,
            )
        )
        self._when_ready = when_ready
        ends_with(self)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()


async def serve(app: ASGIApp, door: socket.socket, when_ready: Callable[[], None]) -> None:
    """Answer requests at the door until cancelled; open requests then get a second to end.

    Raises:
        OSError: the door's port has been taken meanwhile.
    """
    server = _Server(app, when_ready)
    serving = asyncio.create_task(server.serve([door]))
    try:
        # Unlike `await serving`, this lets a cancellation through without cancelling the answers under way.
        await asyncio.wait([serving])
    finally:
        server.should_exit = True
        await serving
