"""The one table of what goes wrong: refused by the rules, passing by itself, or unknown."""

import asyncio
from enum import StrEnum

from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from opensearchpy.exceptions import ConnectionError as SearchConnectionError
from opensearchpy.exceptions import TransportError

from shared.flow.step import Refused
from shared.storage.drivers import is_away


class Passing(Exception):  # noqa: N818 - it names what happened, like Refused.
    """A server is away or behind: the same again later will do."""


class Fault(StrEnum):
    """The three kinds of errors, and so what becomes of what caused one."""

    REFUSED = "refused"
    PASSING = "passing"
    UNKNOWN = "unknown"


SERVER_BUSY = (429, 502, 503, 504)


def fault_of(error: BaseException) -> Fault:
    """Which kind of error this is; what no line names is a bug until shown otherwise."""
    if isinstance(error, Refused):
        return Fault.REFUSED
    if isinstance(error, MessageSizeTooLargeError):
        return Fault.UNKNOWN
    if isinstance(error, Passing | TimeoutError | asyncio.TimeoutError | KafkaError | SearchConnectionError):
        return Fault.PASSING
    if isinstance(error, TransportError) and error.status_code in SERVER_BUSY:
        return Fault.PASSING
    return Fault.PASSING if is_away(error) else Fault.UNKNOWN
