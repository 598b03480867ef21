"""One service as a process of its own, which a benchmark tells what to do: one JSON line in, one out."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from deploy.local.checks import take_port
from deploy.local.serving import serve
from deploy.memory import give_memory_back
from shared.flow.errors import Passing
from shared.settings import Settings
from tests.benchmarks.items import captured
from tests.benchmarks.obeying import obey, uncommitted
from tests.benchmarks.people import furniture, rows
from tests.support.eventually import eventually

AT_ONCE = 200
LONGEST_WAIT = 60.0


class Worker:
    """A service that is opened on fresh servers as often as one likes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.module = import_module(f"services.{service}.app")
        self.stack = AsyncExitStack()
        self.engine: Any = None

    async def open(self, settings: dict[str, Any], people: bool) -> dict[str, Any]:
        """Run the service as in production; where it answers."""
        made = Settings(**settings)
        app: FastAPI = self.module.create_app(made)
        self.engine = app.state.engine
        if people:
            self.engine.rows += rows(self.service, made.gateway_key.get_secret_value())
        await self.stack.enter_async_context(app.router.lifespan_context(app))
        for wish in furniture(self.service) if people else ():
            await self._ask(wish)
        return {"port": await self._answer(app)}

    async def _answer(self, app: FastAPI) -> int:
        door = take_port("127.0.0.1", 0)
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(app, door, ready.set))
        self.stack.push_async_callback(asyncio.wait, [serving])
        self.stack.callback(serving.cancel)
        await ready.wait()
        return int(door.getsockname()[1])

    async def capture(self, first: int, count: int) -> dict[str, Any]:
        """Let many people capture at once."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with turn:
                await self._ask(captured(number))

        await asyncio.gather(*map(one, range(first, first + count)))
        return {}

    async def _ask(self, wish: BaseModel) -> None:
        async def is_done() -> bool:
            try:
                await self.engine.do(wish)
            except Passing:
                # A busy database; people ask again, which is safe.
                return False
            return True

        await eventually(is_done, within=LONGEST_WAIT)

    async def waiting(self) -> dict[str, Any]:
        """How many records are not heard yet; one more while something is not said."""
        return {"waiting": await uncommitted(self.engine.subscriber.consumer) + self.engine.behind}

    async def close(self) -> dict[str, Any]:
        """End the service; the process stays for the next run."""
        await self.stack.aclose()
        return {}


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    give_memory_back()
    obey(Worker(sys.argv[1]))
