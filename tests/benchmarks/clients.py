"""HTTP clients that cost next to nothing, so that what is measured is the server."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

LENGTH = b"content-length:"


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self.port = port
        self.head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()

    async def post_all(self, bodies: Iterator[dict[str, Any]], seconds: list[float]) -> None:
        """Post one body after the other; how long each took is added to `seconds`.

        Raises:
            RuntimeError: an answer was not 201.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for body in bodies:
                began = time.perf_counter()
                raw = json.dumps(body).encode()
                writer.write(self.head + str(len(raw)).encode() + b"\r\n\r\n" + raw)
                await self._created(reader)
                seconds.append(time.perf_counter() - began)
        finally:
            writer.close()

    async def _created(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(line for line in head.split(b"\r\n") if line.startswith(LENGTH))
        body = await reader.readexactly(int(length.removeprefix(LENGTH)))
        if b" 201 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"The server answered {body[:300]!r}.")


async def post_many(
    port: int, path: str, token: str, bodies: Iterator[dict[str, Any]], clients: int
) -> list[float]:
    """Let so many clients post the bodies between them; how many seconds each answer took."""
    seconds: list[float] = []
    await asyncio.gather(*(Client(port, path, token).post_all(bodies, seconds) for _ in range(clients)))
    return seconds
