"""HTTP clients that cost next to nothing, so that what is measured is the server."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

LENGTH = b"content-length:"
BUSY = 503


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self.port = port
        self.head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()

    async def post_all(self, bodies: Iterator[dict[str, Any]], seconds: list[float]) -> None:
        """Post one body after the other, again where the server is busy; how long each took is added to `seconds`.

        Raises:
            RuntimeError: the server refuses.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for body in bodies:
                raw = json.dumps(body).encode()
                request = self.head + str(len(raw)).encode() + b"\r\n\r\n" + raw
                began, status = time.perf_counter(), BUSY
                while status == BUSY:
                    writer.write(request)
                    status = await _answer(reader)
                seconds.append(time.perf_counter() - began)
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = next(line for line in head.split(b"\r\n") if line.startswith(LENGTH))
    body = await reader.readexactly(int(length.removeprefix(LENGTH)))
    status = int(head.split(b" ", 2)[1])
    if status not in {200, 201, BUSY}:
        raise RuntimeError(f"The server answered {status} {body[:300]!r}.")
    return status


async def post_many(
    port: int, path: str, token: str, bodies: Iterator[dict[str, Any]], clients: int
) -> list[float]:
    """Let so many clients post the bodies between them; how many seconds each answer took."""
    seconds: list[float] = []
    await asyncio.gather(*(Client(port, path, token).post_all(bodies, seconds) for _ in range(clients)))
    return seconds
