"""`python -m deploy.serve discover`: one service, or the sign-in for trials, in a process of its own until SIGTERM."""

import argparse
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import FastAPI

from deploy.away import cannot_start
from deploy.local.checks import take_port
from deploy.local.origin import SERVICES, issuer_app, service_app
from deploy.local.people_list import is_listed, list_people, sample_people
from deploy.local.serving import serve
from deploy.local.stopped import CannotRun, Reason
from deploy.memory import give_memory_back
from deploy.settings import read
from deploy.until_stopped import run_until_stopped
from shared.observability.logs import configure
from shared.settings import Settings, SignInSettings, variable

SIGN_IN: Final = "identity"
PORT: Final = 8000
_TO_STOP: Final = 20.0
"""Seconds to finish what is in hand; whoever runs this should wait a little longer before killing it."""

log = logging.getLogger(__name__)


def main() -> None:
    """Serve until SIGTERM; the exit code is 0 then, and otherwise one of `stopped.Reason`."""
    asked = _asked()
    give_memory_back()
    configure("info")
    try:
        with take_port(asked.host, asked.port) as door:
            run_until_stopped(_live(asked.service, door), _TO_STOP)
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(trouble.reason)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description="Run one service.")
    parser.add_argument("service", choices=(*SERVICES, SIGN_IN))
    parser.add_argument("--host", default="0.0.0.0", help="where to listen (default: everywhere)")  # noqa: S104 - a container's port is reached from outside it.
    parser.add_argument("--port", default=PORT, type=int, help=f"default: {PORT}")
    return parser.parse_args()


async def _live(name: str, door: socket.socket) -> None:
    async with _open(name) as app:
        await serve(app, door, lambda: None)


@asynccontextmanager
async def _open(name: str) -> AsyncIterator[FastAPI]:
    if name == SIGN_IN:
        yield _sign_in(read(SignInSettings))
        return
    settings = read(Settings)
    configure(settings.log_level)
    async with AsyncExitStack() as stack:
        try:
            app = service_app(name, settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
        except Exception as error:
            log.debug("%s did not start.", name, exc_info=error)
            raise cannot_start(name, error, settings) from error
        yield app


def _sign_in(settings: SignInSettings) -> FastAPI:
    folder = settings.identity_data
    if folder is None:
        raise CannotRun(
            Reason.SETTINGS_WRONG, f"Name the folder of its people in {variable('identity_data')}."
        )
    try:
        if not is_listed(folder):
            list_people(folder, sample_people())
        return issuer_app(settings, folder)
    except (OSError, ValueError) as error:
        raise CannotRun(Reason.DATA_UNUSABLE, f"{folder} cannot be used: {error}") from error


if __name__ == "__main__":
    main()
