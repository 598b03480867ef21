"""Starts processes as a person at a terminal would, and sees whether they are gone."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.eventually import eventually


async def start_python(
    *arguments: str, settings: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """This Python with these arguments and settings; a house is started empty, and on servers of its own without any."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KNOWHOW_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**ours, **(settings or {}), "SAMPLE": "no", "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def is_gone(pid: int) -> bool:
    """True where the process has ended, also when nobody has asked yet how."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " in status.read_text()


@asynccontextmanager
async def stalled(pid: int | None) -> AsyncIterator[None]:
    """Until the block ends the process does nothing, not even end: its connections stay open, and nobody answers."""
    assert pid, "it does not run"
    os.kill(pid, signal.SIGSTOP)
    try:
        await eventually(lambda: ") T " in Path(f"/proc/{pid}/stat").read_text())
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
