"""How to see that an embedded server is ready."""

import asyncio
from typing import Final

from deploy.local.ports import LOOPBACK

_PATIENCE: Final = 1.0


async def accepts(port: int) -> bool:
    """True where somebody accepts connections on this port of this machine."""
    return await _told(port, b"") is not None


async def serves_http(port: int) -> bool:
    """True where somebody answers 200 to a GET on this port of this machine."""
    return b" 200 " in (await _told(port, b"GET / HTTP/1.0\r\n\r\n") or b"")


async def _told(port: int, request: bytes) -> bytes | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(request)
                return await reader.readline() if request else b""
            finally:
                writer.close()
    except (OSError, ValueError):
        return None
