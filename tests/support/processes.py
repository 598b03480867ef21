"""Starts processes as a person at a terminal would, and sees whether they are gone."""

import asyncio
import os
import sys
from pathlib import Path


async def start_python(*arguments: str) -> asyncio.subprocess.Process:
    """This Python with these arguments; an empty house is started empty."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SAMPLE": "no", "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def is_gone(pid: int) -> bool:
    """True where the process has ended, also when nobody has asked yet how."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " in status.read_text()
