"""The seam between Motor and PyMongo's asyncio client: the only module that imports a MongoDB driver."""

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import Any, Literal

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    WriteConcernError,
)

__all__ = [
    "AWAY",
    "BulkWriteError",
    "InsertOne",
    "ReplaceOne",
    "UpdateOne",
    "close",
    "connect",
    "failures_of",
    "is_away",
    "is_in_doubt",
    "is_refused",
]

AWAY = (AutoReconnect, ConnectionFailure, ExecutionTimeout, NetworkTimeout, WriteConcernError)
"""Errors that pass when the server is back, or when enough of its copies are."""

NOT_ALLOWED = (13, 18)
"""MongoDB's codes for what a user may not do, and for users that it does not know (Unauthorized, AuthenticationFailed)."""

UNWELL = frozenset((1, 43, 91, 189, 237, 10107, 11600, 11602, 14031))
"""MongoDB's codes for a server that failed itself, that stops or hands over to another, that forgot a cursor, or has no space.

InternalError, CursorNotFound, ShutdownInProgress, PrimarySteppedDown, CursorKilled, NotWritablePrimary,
InterruptedAtShutdown, InterruptedDueToReplStateChange, OutOfDiskSpace.
"""


def connect(url: str, driver: Literal["motor", "pymongo"]) -> Any:
    """A client whose writes are journaled by a majority and whose calls give up within five seconds."""
    make = AsyncIOMotorClient if driver == "motor" else AsyncMongoClient
    return make(
        url,
        tz_aware=True,
        w="majority",
        journal=True,
        serverSelectionTimeoutMS=1500,
        connectTimeoutMS=1500,
        socketTimeoutMS=5000,
        retryReads=False,
        retryWrites=False,
        appname="knowhow",
    )


def is_refused(error: BaseException) -> bool:
    """True where MongoDB does not know the user, or does not let the user do this."""
    return isinstance(error, OperationFailure) and error.code in NOT_ALLOWED


async def close(client: Any) -> None:
    """Close the client, whichever it is; closing twice is harmless."""
    closing = client.close()
    if isawaitable(closing):
        await closing


def is_away(error: BaseException) -> bool:
    """True where trying again later can help: the server is away, stalled, out of space or failed itself."""
    if isinstance(error, BulkWriteError):
        return bool(is_in_doubt(error) or UNWELL & {one["code"] for one in failures_of(error)})
    return isinstance(error, AWAY) or (isinstance(error, OperationFailure) and error.code in UNWELL)


def failures_of(error: BulkWriteError) -> Sequence[Mapping[str, Any]]:
    """The writes of a bulk that were not done: why (`code`), and where in the bulk they are (`index`)."""
    found: Sequence[Mapping[str, Any]] = (error.details or {}).get("writeErrors", ())
    return found


def is_in_doubt(error: BulkWriteError) -> bool:
    """True where writes of a bulk were done and are not known to be journaled by a majority."""
    return bool((error.details or {}).get("writeConcernErrors"))
