"""A house whose services are not open: enough to ask what they would answer to whom, without any server."""

from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import TypeAdapter

from deploy.local.keys import house_settings, identity_in
from deploy.local.origin import Origin, create_origin
from shared.identity.issuer import create_issuer, load_people
from shared.identity.people import Person, Role
from shared.identity.policy import SERVICES
from shared.settings import Settings

NOWHERE = {name: f"{name}.invalid" for name in ("kafka", "mongodb", "opensearch")}
GUEST = Person(id="guest", name="Guest", department="finance", roles=frozenset())
PEOPLE = (GUEST, *(GUEST.model_copy(update={"id": role.value, "roles": frozenset({role})}) for role in Role))
"""Somebody without any role, and one person for each role, known by its name."""


def settings_in(directory: Path) -> Settings:
    """The settings of a house with these people, whose servers are nowhere."""
    identity = identity_in(directory)
    identity.mkdir()
    (identity / "people.json").write_bytes(TypeAdapter(tuple[Person, ...]).dump_json(PEOPLE))
    return house_settings(directory, NOWHERE, {})


def closed_house(directory: Path) -> Origin:
    """All applications of a house behind one door, none of them open."""
    return create_origin(settings_in(directory))


def applications(directory: Path) -> list[FastAPI]:
    """Each service's application, and one with nothing but the local issuer's routes."""
    settings = settings_in(directory)
    issuer = FastAPI(openapi_url=None)
    identity = identity_in(directory)
    issuer.include_router(create_issuer(identity, load_people(identity), settings.issuer, settings.audience))
    return [import_module(f"services.{name}.app").create_app(settings) for name in SERVICES] + [issuer]


def client_of(house: Origin) -> httpx.AsyncClient:
    """Asks a closed house without a network; what fails there is a 500, as it would be over one."""
    transport = httpx.ASGITransport(house, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://house")


async def openapi_of(house: Origin) -> dict[str, Any]:
    """The OpenAPI document of each service and of the local issuer."""
    async with client_of(house) as client:
        return {name: (await client.get(f"/{name}/openapi.json")).json() for name in (*SERVICES, "identity")}
