"""A house whose services are not open: enough to ask what they would answer to whom, without any server."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx

from deploy.local.keys import house_settings, identity_in
from deploy.local.origin import Origin, create_origin
from shared.settings import Settings

SERVERS = {name: f"{name}.invalid" for name in ("kafka", "mongodb", "opensearch")}
NAMES = ("discover", "share", "codify", "spread", "identity")
"""The applications: the services, and the local issuer."""


def settings_in(directory: Path) -> Settings:
    """The settings of a house with the sample people, whose servers are nowhere."""
    identity = identity_in(directory)
    identity.mkdir(parents=True)
    people = files("deploy.local.sample") / "people.json"
    (identity / "people.json").write_bytes(people.read_bytes())
    return house_settings(directory, SERVERS, {})


def closed_house(directory: Path) -> Origin:
    """All applications of a house, none of them open."""
    return create_origin(settings_in(directory))


def client_of(house: Origin) -> httpx.AsyncClient:
    """Asks a closed house without a network; what fails there is a 500, as it would be over one."""
    transport = httpx.ASGITransport(house, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://house")


async def openapi_of(house: Origin) -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each application."""
    async with client_of(house) as client:
        return {name: (await client.get(f"/{name}/openapi.json")).json() for name in NAMES}
