"""Puts spread together."""

from collections.abc import Sequence

from fastapi import FastAPI

from services.spread import api, pages
from services.spread.collections import ENTRIES, SUBSCRIPTIONS
from services.spread.events import ROWS
from services.spread.searching import Searching
from services.spread.storage import SpreadStorage
from shared.flow.engine import Engine, Service
from shared.flow.flow import Projection
from shared.observability.metrics import Measured
from shared.settings import Settings
from shared.storage.documents import Documents
from shared.storage.search import OpenSearchException, connect
from shared.web.frame import create_service
from shared.web.problems import any_error


def create_app(settings: Settings) -> FastAPI:
    """Spread's web application, which hears its topics and keeps its search index while it runs."""

    def storage(documents: Documents) -> SpreadStorage:
        client = connect(settings.opensearch, settings.opensearch_login, settings.opensearch_ca)
        searching = Searching(documents, client, settings.prefix, settings.instance)
        return SpreadStorage(documents, searching)

    engine = Engine(
        Service("spread", ROWS, storage, _projections, _beside, measures=_measures, trouble=_trouble),
        settings,
    )
    app = create_service(engine, settings, (api.router, pages.router), "Departments get what they follow.")
    app.add_exception_handler(OpenSearchException, any_error)
    return app


def _projections(storage: SpreadStorage) -> dict[str, Projection]:
    searching = storage.searching
    return {ENTRIES.name: searching.entries.took, SUBSCRIPTIONS.name: searching.queries.took}


async def _measures(storage: SpreadStorage) -> Sequence[Measured]:
    return await storage.searching.measures()


def _trouble(storage: SpreadStorage) -> str:
    return storage.searching.trouble


async def _beside(storage: SpreadStorage) -> None:
    try:
        await storage.searching.watch()
    finally:
        await storage.searching.client.close()
