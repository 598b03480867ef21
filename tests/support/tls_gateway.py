"""Stands before a server without TLS and users of its own: TLS outside, HTTP inside, and a password between."""

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.certificates import Certificates

REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def gateway(certificates: Certificates, port: int, user: tuple[str, str]) -> AsyncIterator[str]:
    """Its address, until the block ends; each connection's first request must carry the user's name and password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    wanted = b"basic " + base64.b64encode(":".join(user).encode())

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if _authorization(head) == wanted:
                await _pass_on(head, reader, writer, port)
            else:
                writer.write(REFUSAL)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def _authorization(head: bytes) -> bytes:
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    kind, _, secret = {name.lower(): value for name, value in lines.items()}.get(
        b"authorization", b""
    ).partition(b" ")
    return kind.lower() + b" " + secret


async def _pass_on(
    head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
) -> None:
    inside, outside = await asyncio.open_connection("127.0.0.1", port)
    outside.write(head)
    await asyncio.wait(
        [asyncio.create_task(_copy(reader, outside)), asyncio.create_task(_copy(inside, writer))],
        return_when=asyncio.FIRST_COMPLETED,
    )
    outside.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
