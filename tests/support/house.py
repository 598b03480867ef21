"""A whole house as `make run` starts it, which tests may crash and start again."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copy
from typing import Any
from uuid import uuid4

import httpx

from tests.support.eventually import eventually

PEOPLE = Path("deploy/local/sample/people.json")


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Open:
    """A house at an address, and people who can ask it things."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.AsyncClient(base_url=url, timeout=20, trust_env=False)
        self.tokens: dict[str, str] = {}

    async def is_ready(self) -> bool:
        """True where all four services say so."""
        services = ("discover", "share", "codify", "spread")
        try:
            answers = [await self.client.get(f"/{service}/ready") for service in services]
        except httpx.TransportError:
            return False
        return all(answer.status_code == httpx.codes.OK for answer in answers)

    async def ask(self, person: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """Ask the house something as a person, who signs in the first time."""
        if person not in self.tokens:
            answer = await self.client.post("/identity/tokens", json={"person": person})
            self.tokens[person] = answer.json()["access_token"]
        headers = {"Authorization": f"Bearer {self.tokens[person]}", **rest.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **rest)

    async def get(self, path: str, person: str = "ines") -> Any:
        """What the house answers to a question that it must be able to answer."""
        answer = await self.ask(person, "GET", path)
        assert answer.is_success, answer.text
        return answer.json()

    async def post(self, person: str, path: str, body: dict[str, Any]) -> Any:
        """What the house answers to a wish that it must grant."""
        answer = await self.ask(person, "POST", path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def all_of(self, path: str, person: str = "ines") -> list[Any]:
        """All pages of a list or feed."""
        found: list[Any] = []
        page = await self.get(path, person)
        found += page["items"]
        while page.get("next") or page.get("next_url"):
            following = page.get("next_url") or f"{path}{'&' if '?' in path else '?'}cursor={page['next']}"
            page = await self.get(following, person)
            found += page["items"]
        return found

    async def kinds_of_steps(self, item_id: str) -> list[str]:
        """The types of everything that happened to an item, in order."""
        return [step["type"] for step in (await self.get(f"/discover/items/{item_id}/journey"))["steps"]]


class House(Open):
    """A house of its own: data in a folder, processes that can be killed, and people who can ask it things.

    On servers that others use too, a prefix keeps what is its own apart.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        self.process: Process | None = None
        self.prefix = f"house-{uuid4().hex[:8]}-"
        (data / "identity").mkdir(parents=True)
        copy(PEOPLE, data / "identity" / "people.json")

    @property
    def kafka(self) -> str:
        """Where its Kafka is."""
        ports = json.loads((self.data / "ports.json").read_text())
        return os.environ.get("KNOWHOW_KAFKA") or f"127.0.0.1:{ports['kafka']}"

    async def start(self) -> None:
        """Start everything, and return when all four services are ready."""
        where = ["--data", str(self.data), "--port", str(self.port)]
        own = {"KNOWHOW_PREFIX": self.prefix, "KNOWHOW_KAFKA_PREFIX": self.prefix}
        environment = {**os.environ, **own, "SAMPLE": "no"}
        command = (sys.executable, "-m", "deploy.local", *where)
        self.process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL)
        await eventually(self.is_ready, within=30)

    async def crash(self) -> None:
        """SIGKILL: nobody has the time to say goodbye, neither services nor servers."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ctrl-C."""
        await self._end(signal.SIGINT)

    async def _end(self, how: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(how)
            await self.process.wait()


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[House]:
    """A house that runs until the block ends."""
    house = House(data)
    try:
        await house.start()
        yield house
    finally:
        await house.crash()
        await house.client.aclose()
