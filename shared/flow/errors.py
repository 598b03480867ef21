"""The one table of what goes wrong: refused by the rules, passing by itself, or unknown."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum

from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from shared.flow.step import Refused
from shared.storage.drivers import is_away


class Passing(Exception):  # noqa: N818 - it names what happened, like Refused.
    """A server is away or behind: the same again later will do."""


class Fault(StrEnum):
    """The three kinds of errors, and so what becomes of what caused one."""

    REFUSED = "refused"
    PASSING = "passing"
    UNKNOWN = "unknown"


UNWELL = (401, 403, 429, 502, 503, 504)
"""HTTP's codes of a server that is overloaded or away, and of one that somebody must mend: it does not let us in, its disk is full."""


def fault_of(error: BaseException) -> Fault:
    """Which kind of error this is; what no line names is a bug until shown otherwise."""
    if isinstance(error, Refused):
        return Fault.REFUSED
    if isinstance(error, MessageSizeTooLargeError):
        return Fault.UNKNOWN
    if isinstance(error, Passing | TimeoutError | asyncio.TimeoutError | KafkaError):
        return Fault.PASSING
    return Fault.PASSING if is_away(error) or _is_search_away(error) else Fault.UNKNOWN


async def again_and_again(look: Callable[[], Awaitable[None]], pause: float) -> None:
    """Look after each pause of so many seconds, until cancelled; what fails in passing is tried again in the next round.

    Raises:
        Exception: what does not pass by itself.
    """
    while True:
        await asyncio.sleep(pause)
        try:
            await look()
        except Exception as error:
            if fault_of(error) is not Fault.PASSING:
                raise


def _is_search_away(error: BaseException) -> bool:
    # OpenSearch's client takes 15 MB, so only the service that uses it loads it; to the others its errors cannot happen.
    search = sys.modules.get("opensearchpy.exceptions")
    if search is None:
        return False
    unwell = isinstance(error, search.TransportError) and error.status_code in UNWELL
    return unwell or isinstance(error, search.ConnectionError)
