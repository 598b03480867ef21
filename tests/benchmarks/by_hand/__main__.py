"""One service by hand as a process of its own, told what to do like the real one: `python -m tests.benchmarks.by_hand NAME`."""

import sys
from importlib import import_module
from typing import Any

from shared.storage.drivers import close, connect
from tests.benchmarks.by_hand.pipe import Pipe
from tests.benchmarks.obeying import obey, uncommitted

AT_ONCE = 200


class Worker:
    """A service by hand that is opened on fresh servers as often as one likes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = import_module(f"tests.benchmarks.by_hand.{name}")

    async def open(self, settings: dict[str, Any], people: bool) -> dict[str, Any]:  # noqa: ARG002
        """Run the service."""
        self.client = connect(settings["mongodb"], settings.get("driver", "motor"))
        database = self.client[f"{settings['prefix']}knowhow_{self.name}"]
        self.service: Any = getattr(self.module, self.name.capitalize())(database, settings)
        await self.service.prepare()
        self.pipe = Pipe(self.name, settings, self.module.TOPICS, self.service.handle)
        await self.pipe.start()
        return {}

    async def capture(self, first: int, count: int) -> dict[str, Any]:
        """Let many people capture at once."""
        for start in range(first, first + count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, first + count))
            await self.pipe.say(await self.service.capture(numbers))
        return {}

    async def waiting(self) -> dict[str, Any]:
        """How many records are not heard yet."""
        return {"waiting": await uncommitted(self.pipe.consumer)}

    async def close(self) -> dict[str, Any]:
        """End the service; the process stays for the next run."""
        await self.pipe.stop()
        if hasattr(self.service, "search"):
            await self.service.search.close()
        await close(self.client)
        return {}


if __name__ == "__main__":
    obey(Worker(sys.argv[1]))
