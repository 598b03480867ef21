"""A small TCP proxy that delays, throttles, cuts, and half-opens: the peer is there, and nothing comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

CHUNK = 64 * 1024


@dataclass
class Weather:
    """What the line is like now: seconds of delay for each piece, bytes a second (0: no limit), and whether anything comes at all."""

    delay: float = 0.0
    throttle: int = 0
    half_open: bool = False


class Proxy:
    """Passes on what comes to its port to another one, as the weather allows; `carried` are the bytes of it so far."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.port = 0
        self.weather = Weather()
        self.carried = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break all connections; new ones come through."""
        for writer in self._writers:
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, other_writer}
        await asyncio.gather(self._pass(reader, other_writer), self._pass(other_reader, writer))
        self._writers -= {writer, other_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                await self._weathered(piece)
                self.carried += len(piece)
                writer.write(piece)
                await writer.drain()
            writer.close()

    async def _weathered(self, piece: bytes) -> None:
        while self.weather.half_open:  # noqa: ASYNC110 - the weather is a value that anybody may set.
            await asyncio.sleep(0.05)
        slow = len(piece) / self.weather.throttle if self.weather.throttle else 0.0
        if self.weather.delay + slow:
            await asyncio.sleep(self.weather.delay + slow)


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    """A proxy to this port of this machine until the block ends."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.weather = Weather()
        proxy.cut()
