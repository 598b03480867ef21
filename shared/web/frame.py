"""What every service's web application has, so that create_app names only its own parts."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.flow.engine import Engine
from shared.flow.measuring import Measuring
from shared.identity.tokens import Tokens
from shared.settings import Settings
from shared.web import problems
from shared.web.access import Access
from shared.web.bodies import BodyLimit
from shared.web.described import Described
from shared.web.docs import docs
from shared.web.operate import operation
from shared.web.signed_in import Limits
from shared.web.watching import Places


def create_service(engine: Engine, settings: Settings, routers: Sequence[APIRouter], about: str) -> FastAPI:
    """A service's application: its routes, health, operation, documentation and problems under its own name."""
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    app = Described(
        title=f"Know-how circulation: {engine.name}",
        description=about,
        lifespan=_running(engine),
        openapi_url=f"/{engine.name}/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=problems.RESPONSES,
        # Its own telemetry would put paths and queries, and so people and what they look for, into spans.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.engine = engine
    app.state.author_key = settings.author_key.get_secret_value().encode()
    app.state.tokens = Tokens(settings)
    app.state.limits = Limits(settings.requests_per_minute)
    app.state.places = Places()
    app.state.measuring = Measuring(engine)
    app.add_middleware(BodyLimit)
    app.add_middleware(Access, observer=engine.observer, service=engine.name)
    problems.install(app)
    for router in (operation(engine.name), docs(engine.name), *routers):
        app.include_router(router)
    return app


def _running(engine: Engine):  # type: ignore[no-untyped-def] # noqa: ANN202 - FastAPI's lifespan type is generic in the app.
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        try:
            yield
        finally:
            await engine.stop()

    return running
