"""Puts codify together."""

from fastapi import FastAPI

from services.codify import api
from services.codify.events import ROWS
from services.codify.seen import see_refusals
from services.codify.storage import CodifyStorage
from shared.flow.engine import Engine, Service
from shared.settings import Settings, variable
from shared.storage.documents import Documents
from shared.web.frame import create_service


def create_app(settings: Settings) -> FastAPI:
    """Codify's web application, which hears its topics while it runs.

    Raises:
        ValueError: the gateway's key is missing.
    """
    if not settings.gateway_key:
        raise ValueError(f"Set {variable('gateway_key')}: codify signs decisions with it.")

    def storage(documents: Documents) -> CodifyStorage:
        author_key = settings.author_key.get_secret_value().encode()
        return CodifyStorage(documents, settings.gateway_key.get_secret_value(), author_key)

    engine = Engine(Service("codify", ROWS, storage, seen=see_refusals), settings)
    return create_service(
        engine, settings, (api.router,), "Curators turn what was nominated into the library."
    )
