"""The house from its servers' start to their end: each part opens after what it needs and closes before it."""

import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console

from deploy.local.checks import no_port, shown
from deploy.local.first_start import FirstStart
from deploy.local.keys import house_settings
from deploy.local.options import Options
from deploy.local.origin import Origin, create_origin
from deploy.local.servers import embedded
from deploy.local.serving import serve
from deploy.local.stopped import CannotRun, Reason
from deploy.local.telling import say, where_to_look
from shared.settings import Settings

_SEEN_FROM_HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not listened on but looked up.

log = logging.getLogger(__name__)


async def live(options: Options, door: socket.socket, log_file: Path, console: Console) -> None:
    """Run servers and services, and answer at the door, until cancelled; then everything is closed again.

    Raises:
        CannotRun: a part of it does not come up; those that did are closed.
    """
    first_start = FirstStart(options.data, options.sample)
    say(console, "Starting …")
    async with embedded(options.data, options.given_servers) as servers, AsyncExitStack() as stack:
        first_start.list_people()
        settings = house_settings(options.data, servers, options.environment)
        origin = await _opened(settings, stack, log_file)
        furnish = first_start if first_start.is_due() and settings.identity_data else None
        await _answer(origin, options, door, _Welcome(options, console, furnish))


async def _opened(settings: Settings, stack: AsyncExitStack, log_file: Path) -> Origin:
    try:
        origin = create_origin(settings)
        await stack.enter_async_context(origin.open())
    except Exception as error:
        log.exception("A service did not start.")
        said = (str(error) or type(error).__name__).splitlines()[0]
        sentence = f"A service did not start ({said}); {shown(log_file)} says more."
        raise CannotRun(Reason.SERVICE_DOWN, sentence) from error
    return origin


class _Welcome:
    """Tells the person that the house is ready, and lets the sample move in where it is due."""

    def __init__(self, options: Options, console: Console, furnishes: FirstStart | None) -> None:
        self._options = options
        self._console = console
        self._furnishes = furnishes
        self._doing: asyncio.Task[None] | None = None

    def begin(self, port: int) -> None:
        self._doing = asyncio.create_task(self._welcome(_url(self._options.host, port)))

    def end(self) -> None:
        if self._doing:
            self._doing.cancel()

    async def _welcome(self, base_url: str) -> None:
        beyond = self._options.is_beyond_this_machine
        self._console.print(where_to_look(base_url, self._options.data, beyond_this_machine=beyond))
        if self._furnishes:
            await self._furnishes.furnish(base_url, partial(say, self._console))


async def _answer(origin: Origin, options: Options, door: socket.socket, welcome: _Welcome) -> None:
    try:
        await serve(origin, door, partial(welcome.begin, door.getsockname()[1]))
    except OSError as error:
        raise no_port(options.host, options.port, error) from error
    finally:
        welcome.end()


def _url(host: str, port: int) -> str:
    seen = _SEEN_FROM_HERE.get(host, host)
    return f"http://[{seen}]:{port}" if ":" in seen else f"http://{seen}:{port}"
