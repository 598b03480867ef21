"""A bare endpoint: validate, insert one document that is journaled, answer."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from pydantic import BaseModel

from deploy.local.checks import take_port
from deploy.local.serving import serve
from services.discover.shown import WishedItem
from shared.storage.drivers import close, connect
from tests.benchmarks.obeying import obey


class Created(BaseModel):
    """What was stored."""

    id: str
    title: str


def create_app(items: Any) -> FastAPI:
    """The endpoint."""
    app = FastAPI()

    @app.post("/items", status_code=201)
    async def capture(wish: WishedItem) -> Created:
        identity = uuid4().hex
        await items.insert_one({"_id": identity, **wish.model_dump()})
        return Created(id=identity, title=wish.title)

    return app


class Bare:
    """The endpoint as a process that is opened on fresh servers as often as one likes."""

    def __init__(self) -> None:
        self.stack = AsyncExitStack()

    async def open(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Serve; where."""
        client = connect(settings["mongodb"], settings.get("driver", "motor"))
        self.stack.push_async_callback(close, client)
        door = take_port("127.0.0.1", 0)
        ready = asyncio.Event()
        app = create_app(client[f"{settings['prefix']}knowhow_bare"]["items"])
        serving = asyncio.create_task(serve(app, door, ready.set))
        self.stack.push_async_callback(asyncio.wait, [serving])
        self.stack.callback(serving.cancel)
        await ready.wait()
        return {"port": door.getsockname()[1]}

    async def waiting(self) -> dict[str, Any]:
        """Nothing is left to do once an answer is given."""
        return {"waiting": 0}

    async def close(self) -> dict[str, Any]:
        """End."""
        await self.stack.aclose()
        return {}


if __name__ == "__main__":
    obey(Bare())
