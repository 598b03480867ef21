"""A house on `docker compose` of a test's own: other names, another port and other secrets than any other."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.env import made, write
from tests.support.eventually import eventually
from tests.support.house import Open, free_port
from tests.support.servers import COMPOSE

PLENTY = 900
"""Seconds for the slowest that compose does: building the image and starting everything on a busy machine."""

PATIENCE = 60
"""Seconds that a person goes on asking a house that is busy."""

BUSY = (httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT)
OURS = ("KNOWHOW_", "KAFKA_", "MONGODB_", "COMPOSE_")


async def run(*command: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """A program's exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment
    )
    async with asyncio.timeout(PLENTY):
        said, trouble = await process.communicate()
    return process.returncode or 0, said.decode() + trouble.decode()


async def why_no_engine() -> str:
    """Why there is no engine to run containers on, or nothing."""
    try:
        code, said = await run("docker", "info", "--format", "{{.ServerVersion}}")
    except FileNotFoundError:
        return "there is no docker on this machine"
    return f"no Docker engine answers: {said.strip()}" if code else ""


class Composed(Open):
    """The house, whose containers can be crashed, taken down and brought up again."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        super().__init__(f"http://127.0.0.1:{port}")
        self.project = f"knowhow-test-{uuid4().hex[:8]}"
        self.secrets = folder / ".env"
        write(self.secrets, made() | {"KNOWHOW_PORTS": f"127.0.0.1:{port}:8080"})

    async def ask(self, person: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """As ever, and again for as long as the house says that it will answer in a moment."""

        async def once() -> httpx.Response:
            answer = await super(Composed, self).ask(person, method, path, **rest)
            assert answer.status_code not in BUSY, answer.text
            return answer

        return await eventually(once, within=PATIENCE)

    async def compose(self, *what: str) -> str:
        """What `docker compose` says when asked this; it must succeed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        where = ("--project-name", self.project, "--env-file", str(self.secrets), "--file", str(COMPOSE))
        code, said = await run("docker", "compose", *where, *what, environment=kept)
        assert code == 0, said
        return said

    async def up(self) -> None:
        """Start everything, and return when all of it is healthy."""
        await self.compose("up", "--detach", "--wait", "--build")

    async def inspect(self, container: str, what: str) -> str:
        """A property of a container, in Go's template language."""
        name = f"{self.project}-{container}-1"
        code, said = await run("docker", "inspect", "--format", what, name)
        assert code == 0, said
        return said.strip()

    async def crash(self, container: str) -> str:
        """SIGKILL for what runs in a container; when it had been started."""
        started = await self.inspect(container, "{{.State.StartedAt}}")
        # Docker would not start again what it was asked to kill.
        os.kill(int(await self.inspect(container, "{{.State.Pid}}")), signal.SIGKILL)
        return started

    async def is_back(self, container: str, before: str) -> bool:
        """True where it was started again since, and all services are ready."""
        started = await self.inspect(container, "{{.State.StartedAt}} {{.State.Running}}")
        return started.endswith("true") and not started.startswith(before) and await self.is_ready()
