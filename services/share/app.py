"""Puts share together."""

from fastapi import FastAPI

from services.share import api
from services.share.events import ROWS
from services.share.storage import ShareStorage
from shared.flow.engine import Engine, Service
from shared.settings import Settings
from shared.web.frame import create_service


def create_app(settings: Settings) -> FastAPI:
    """Share's web application, which hears its topics while it runs."""
    engine = Engine(Service("share", ROWS, ShareStorage), settings)
    return create_service(engine, settings, (api.router,), "Communities endorse and try what was captured.")
