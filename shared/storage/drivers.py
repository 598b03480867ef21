"""The seam between Motor and PyMongo's asyncio client: the only module that imports a MongoDB driver."""

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
    WTimeoutError,
)

__all__ = [
    "AWAY",
    "BulkWriteError",
    "InsertOne",
    "ReplaceOne",
    "UpdateOne",
    "close",
    "connect",
    "is_away",
    "is_refused",
]

AWAY = (AutoReconnect, ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError)
"""Errors that pass when the server is back."""

NOT_ALLOWED = (13, 18)
"""MongoDB's codes for what a user may not do, and for users that it does not know (Unauthorized, AuthenticationFailed)."""

UNWELL = (1, 43, 237, 14031)
"""MongoDB's codes for a server that failed itself, one that forgot or ended a cursor, and for a full disk.

InternalError, CursorNotFound, CursorKilled, OutOfDiskSpace.
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
    return isinstance(error, AWAY) or (isinstance(error, OperationFailure) and error.code in UNWELL)
