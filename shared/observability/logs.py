"""One line of JSON for each event an operator needs, with ids to follow it by and nothing about people."""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "service",  # who tells it
    "instance",  # which of its instances
    "trace",  # the trace id
    "item",  # the item's id
    "event",  # the announcement's id
    "type",  # the announcement's type
    "topic",
    "partition",
    "offset",
    "letter",  # a dead letter's id, for `knowhow dead-letters show`
    "lane",  # asked or heard
    "method",
    "route",  # the template, never the path
    "status",
    "ms",
    "count",
    "why",  # a sentence of ours or of a server's, never what somebody wrote
)
"""All that a line may hold beside its time, level, logger and message; whatever else a caller adds is left out."""

OURS = ("deploy", "services", "shared")

_BOUND: ContextVar[Mapping[str, str]] = ContextVar("bound", default={})  # noqa: B039 - it is never changed in place.
_PERSON = re.compile(r":[^/]*")


class Structured(logging.Formatter):
    """A record as one line of JSON; of an exception its type and where it was raised, because messages may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage(),
        }
        line |= _BOUND.get()
        line |= {name: value for name in FIELDS if (value := record.__dict__.get(name)) is not None}
        if record.exc_info and record.exc_info[1]:
            line |= {"error": type(record.exc_info[1]).__name__, "where": _where(record.exc_info[1])}
        return json.dumps(line, default=str)


def configure(level: str, handler: logging.Handler | None = None) -> None:
    """Let everything be told in this form, ours from this level on and other people's from `warning` on.

    Doing it again replaces what was there before. What is no level counts as `warning`; the settings refuse it.
    """
    known = logging.getLevelNamesMapping().get(level.upper(), logging.WARNING)
    handler = handler or logging.StreamHandler()
    handler.setFormatter(Structured())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(known)


def bind(**fields: str) -> None:
    """Add these fields to every line of the task at hand, and of the tasks that it begins."""
    _BOUND.set({**_BOUND.get(), **fields})


@contextmanager
def bound(**fields: str) -> Iterator[None]:
    """Add these fields to every line until the block ends."""
    token = _BOUND.set({**_BOUND.get(), **fields})
    try:
        yield
    finally:
        _BOUND.reset(token)


def without_people(identity: str) -> str:
    """An id without what follows a colon, which may be a person: `endorsements/<item>:…/1`."""
    return _PERSON.sub(":…", identity)


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
