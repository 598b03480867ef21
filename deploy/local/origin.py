"""All four services and the local issuer as one ASGI application, so that a house needs only one port."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from shared.identity.issuer import create_issuer, load_people
from shared.settings import Settings, SignInSettings
from shared.web import problems
from shared.web.bodies import BodyLimit
from shared.web.described import Described

SERVICES: Final = ("discover", "share", "codify", "spread")
_TO_CLOSE: Final = 3.2
"""Seconds that services get to close; the launcher must end within five."""

log = logging.getLogger(__name__)


class Origin:
    """Gives each request to the application that its path begins with, and all others to the first application.

    Applications keep what they need in `app.state`; a state that a lifespan yields is not passed on.
    """

    def __init__(self, apps: Mapping[str, FastAPI]) -> None:
        self._apps = apps
        self._default = next(iter(apps.values()))
        self._lifespans = Router(lifespan=lambda _: self.open())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or open and close all applications with the server."""
        if scope["type"] == "lifespan":
            await self._lifespans(scope, receive, send)
        else:
            name = scope["path"].split("/", 2)[1]
            await self._apps.get(name, self._default)(scope, receive, send)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep all applications open until the block ends; they open and close at the same time.

        Raises:
            Exception: what an application raised when it opened; the others are closed.
        """
        closing = asyncio.Event()
        opened = [asyncio.Event() for _ in self._apps]
        lives = [
            asyncio.create_task(_keep_open(app, is_open, closing))
            for app, is_open in zip(self._apps.values(), opened, strict=True)
        ]
        try:
            await _see_open(lives, opened)
            yield
        finally:
            closing.set()
            await _see_closed(lives)


def create_origin(settings: Settings) -> Origin:
    """The services, and the local issuer where the settings name its directory.

    Raises:
        ValueError: the list of people or the issuer's key is damaged.
    """
    apps = {name: service_app(name, settings) for name in SERVICES}
    if settings.identity_data:
        apps["identity"] = issuer_app(settings, settings.identity_data)
    return Origin(apps)


async def _keep_open(app: FastAPI, is_open: asyncio.Event, closing: asyncio.Event) -> None:
    async with app.router.lifespan_context(app):
        is_open.set()
        await closing.wait()


async def _see_open(lives: list[asyncio.Task[None]], opened: list[asyncio.Event]) -> None:
    all_opened = asyncio.create_task(_all(opened))
    await asyncio.wait([all_opened, *lives], return_when=asyncio.FIRST_COMPLETED)
    all_opened.cancel()
    for life in lives:
        if life.done():
            life.result()


async def _all(events: list[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


async def _see_closed(lives: list[asyncio.Task[None]]) -> None:
    done, slow = await asyncio.wait(lives, timeout=_TO_CLOSE)
    for life in slow:
        life.cancel()
    for life in done:
        if not life.cancelled() and (error := life.exception()):
            log.warning("A service failed while it opened or closed.", exc_info=error)


def service_app(name: str, settings: Settings) -> FastAPI:
    """One service's application, not open yet.

    Raises:
        ValueError: a setting that it needs is missing or damaged.
    """
    # Imported only now: whoever is told that a port is in use should not wait for four services first.
    app: FastAPI = import_module(f"services.{name}.app").create_app(settings)
    return app


def issuer_app(settings: SignInSettings, directory: Path) -> FastAPI:
    """The local issuer for the people in the directory.

    Raises:
        ValueError: the list of people or the issuer's key is damaged.
        OSError: the directory cannot be written to.
    """
    app = Described(
        title="Local sign-in",
        docs_url=None,
        redoc_url=None,
        openapi_url="/identity/openapi.json",
        responses=problems.RESPONSES,
    )
    people = load_people(directory)
    app.include_router(create_issuer(directory, people, settings.issuer, settings.audience))
    app.add_middleware(BodyLimit)
    problems.install(app)
    return app
