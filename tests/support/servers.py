"""Which servers a test run asks, and what it says of them."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import yaml

NAMES = ("kafka", "mongodb", "opensearch")
PACKAGES = {"kafka": "noida-db", "mongodb": "SecantusDB", "opensearch": "osmem-server"}
COMPOSE = Path("docker-compose.yml").resolve()


def given() -> dict[str, str]:
    """The addresses in the environment."""
    return {name: address for name in NAMES if (address := os.environ.get(f"KNOWHOW_{name.upper()}"))}


def images() -> Mapping[str, str]:
    """The images of the servers, by their names in the compose file."""
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return {name: service["image"] for name, service in services.items() if "build" not in service}


def told(contained: set[str]) -> str:
    """Which servers the tests used, in a sentence."""
    return f"Servers of these tests: {'; '.join(_told(name, name in contained) for name in NAMES)}."


def _told(name: str, contained: bool) -> str:
    address = given().get(name)
    if address is None:
        return f"{name} embedded ({PACKAGES[name]} {version(PACKAGES[name])})"
    if contained:
        return f"{name} by testcontainers ({images()[name]})"
    return f"{name} given ({address}{_version(name, address)})"


def _version(name: str, address: str) -> str:
    """What the server says of itself; Kafka's protocol has no word for it."""
    if name != "opensearch":
        return ""
    try:
        said: dict[str, Any] = httpx.get(address, trust_env=False).json()["version"]
    except (httpx.HTTPError, ValueError, KeyError):
        return ", does not answer"
    return f", {said.get('distribution', 'OpenSearch')} {said['number']}"
