"""Puts discover together."""

from fastapi import FastAPI

from services.discover import api, pages
from services.discover.events import ROWS
from services.discover.seen import see_feeds
from services.discover.storage import DiscoverStorage
from shared.flow.engine import Engine, Service
from shared.settings import Settings
from shared.web.frame import create_service

REST = 0.1
"""Seconds that discover gathers what it hears, so that it takes no time from the services that an item waits for.

It shows what became of an item, and captures what others learnt of it; for neither does anybody wait so short a time.
"""


def create_app(settings: Settings) -> FastAPI:
    """Discover's web application, which hears its topics while it runs."""
    engine = Engine(Service("discover", ROWS, DiscoverStorage, seen=see_feeds, rest=REST), settings)
    return create_service(
        engine, settings, (api.router, pages.router), "Capture know-how on the job, and follow it."
    )
