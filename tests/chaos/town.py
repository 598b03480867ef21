"""The house under test: servers, and four services each in a process of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any, TypeVar

from pydantic import SecretStr

from deploy.local.keys import house_settings, identity_in
from deploy.local.origin import SERVICES
from deploy.local.ports import choose_ports
from deploy.local.servers import Servers, embedded
from shared.settings import Settings
from shared.storage.drivers import close, connect, is_away
from tests.chaos.process import Supervised
from tests.support.eventually import eventually
from tests.support.house import PEOPLE

TO_START = 120.0
T = TypeVar("T")


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What the database answers, as soon as it does."""
    while True:
        try:
            return await ask()
        except Exception as error:
            if not is_away(error):
                raise
        await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Town:
    """Everything that a run can hurt, and what it needs to look at it afterwards."""

    data: Path
    settings: Settings
    servers: Servers
    services: Mapping[str, Supervised]
    mongodb: Any

    @property
    def kills(self) -> int:
        """How many service processes have died so far."""
        return sum(service.deaths for service in self.services.values())

    async def are_ready(self) -> bool:
        """True where all services say so."""
        return all(await asyncio.gather(*(service.is_ready() for service in self.services.values())))

    async def ready(self, within: float = TO_START) -> float:
        """Wait until all services are ready; how many seconds that took.

        Raises:
            AssertionError: they are not within these seconds.
        """
        began = time.monotonic()
        await eventually(self.are_ready, within=within)
        return time.monotonic() - began

    async def restart(self, **extra: str) -> None:
        """Start all services anew with this in their environment, and wait until they are ready."""
        for service in self.services.values():
            service.alter(**extra)
        await asyncio.sleep(0.1)
        await self.ready()

    def database(self, service: str) -> Any:
        """A service's database, as the harness sees it."""
        return self.mongodb[f"{self.settings.prefix}knowhow_{service}"]


@asynccontextmanager
async def open_town(data: Path, given: Mapping[str, str], mutation: str) -> AsyncIterator[Town]:
    """Servers and services on empty data until the block ends; `given` are servers that are there already."""
    (identity_in(data)).mkdir(parents=True)
    copy(PEOPLE, identity_in(data) / "people.json")
    async with embedded(data, given) as servers:
        settings = house_settings(data, servers, {})
        if given:
            settings = settings.model_copy(update={"prefix": f"chaos{int(time.time())}_"})
        mongodb = connect(settings.mongodb, "pymongo")
        town = Town(data, settings, servers, _services(data, settings, mutation), mongodb)
        try:
            for service in town.services.values():
                service.start()
            await town.ready()
            yield town
        finally:
            await asyncio.gather(*(service.stop() for service in town.services.values()))
            await close(mongodb)


def _services(data: Path, settings: Settings, mutation: str) -> dict[str, Supervised]:
    environment = _environment(settings) | {"CHAOS_MUTATION": mutation, "CHAOS_PLANTED": "bug"}
    ports = choose_ports(SERVICES, data / "service-ports.json")
    logs = data / "logs"
    return {name: Supervised(name, ports[name], environment, logs / f"{name}.log") for name in SERVICES}


def _environment(settings: Settings) -> dict[str, str]:
    values = settings.model_dump(exclude_none=True) | {"requests_per_minute": 1_000_000}
    return {f"KNOWHOW_{name.upper()}": _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
