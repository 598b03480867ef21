"""The house under test: servers, and four services, each instance in a process of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shutil import copy
from typing import Any, TypeVar

from pydantic import SecretStr

from deploy.local.keys import house_settings, identity_in
from deploy.local.origin import SERVICES
from deploy.local.ports import choose_ports
from deploy.local.servers import Servers, embedded
from deploy.topics.__main__ import prepare
from deploy.topics.settings import TopicSettings
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
    services: Mapping[str, Sequence[Supervised]]
    mongodb: Any

    @property
    def instances(self) -> list[Supervised]:
        """Every instance of every service."""
        return list(chain.from_iterable(self.services.values()))

    @property
    def kills(self) -> int:
        """How many service processes have died so far."""
        return sum(instance.deaths for instance in self.instances)

    async def are_ready(self) -> bool:
        """True where all instances say so."""
        return all(await asyncio.gather(*(instance.is_ready() for instance in self.instances)))

    async def ready(self, within: float = TO_START) -> float:
        """Wait until all instances are ready; how many seconds that took.

        Raises:
            AssertionError: they are not within these seconds.
        """
        began = time.monotonic()
        await eventually(self.are_ready, within=within)
        return time.monotonic() - began

    async def restart(self, **extra: str) -> None:
        """Start all instances anew with this in their environment, and wait until they are ready."""
        for instance in self.instances:
            instance.alter(**extra)
        await asyncio.sleep(0.1)
        await self.ready()

    def database(self, service: str) -> Any:
        """A service's database, as the harness sees it."""
        return self.mongodb[f"{self.settings.prefix}knowhow_{service}"]


@asynccontextmanager
async def open_town(
    data: Path, given: Mapping[str, str], mutation: str, instances: int
) -> AsyncIterator[Town]:
    """Servers, and so many instances of each service, on empty data until the block ends; `given` servers are there already."""
    (identity_in(data)).mkdir(parents=True)
    copy(PEOPLE, identity_in(data) / "people.json")
    async with embedded(data, given) as servers:
        settings = house_settings(data, servers, {})
        if given:
            settings = settings.model_copy(update={"prefix": f"chaos{int(time.time())}_"})
        if instances > 1:
            await prepare(TopicSettings(kafka=settings.kafka, topics_replication=1, topics_min_insync=1))
        mongodb = connect(settings.mongodb, "pymongo")
        town = Town(data, settings, servers, _services(data, settings, mutation, instances), mongodb)
        try:
            for instance in town.instances:
                instance.start()
            await town.ready()
            yield town
        finally:
            await asyncio.gather(*(instance.stop() for instance in town.instances))
            await close(mongodb)


def _services(data: Path, settings: Settings, mutation: str, instances: int) -> dict[str, list[Supervised]]:
    environment = _environment(settings) | {"CHAOS_MUTATION": mutation, "CHAOS_PLANTED": "bug"}
    names = {service: [f"{service}.{number}" for number in range(instances)] for service in SERVICES}
    ports = choose_ports(chain.from_iterable(names.values()), data / "service-ports.json")

    def supervised(service: str, name: str) -> Supervised:
        own = environment | {"KNOWHOW_INSTANCE": name.removeprefix(f"{service}.")}
        return Supervised(service, ports[name], own, data / "logs" / f"{name}.log")

    return {service: [supervised(service, name) for name in names[service]] for service in SERVICES}


def _environment(settings: Settings) -> dict[str, str]:
    values = settings.model_dump(exclude_none=True) | {"requests_per_minute": 1_000_000}
    return {f"KNOWHOW_{name.upper()}": _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
