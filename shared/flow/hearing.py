"""Turns a record into what was heard, and never fails at it: what cannot be read says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from shared.contracts.base import Said, stamp
from shared.flow.announcement import Cause
from shared.flow.step import Refused


class Record(Protocol):
    """What the engine reads of an aiokafka ConsumerRecord."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Any


@dataclass(frozen=True)
class Unreadable:
    """A record of a known type that breaks its contract."""

    why: Refused


def headers_of(record: Record) -> dict[str, str]:
    """The record's headers as text; what is not UTF-8 is shown with replacement characters, None as empty."""
    return {str(name): (value or b"").decode(errors="replace") for name, value in record.headers or ()}


def cause_of(headers: dict[str, str], record: Record) -> Cause:
    """What the record is called when something is said because of it."""
    name = headers.get("ce_id") or f"{record.topic}/{record.partition}/{record.offset}"
    said_at = _moment(headers.get("ce_time", ""))
    return Cause(name, headers.get("correlationid") or name, headers.get("traceparent", ""), said_at)


def _moment(text: str) -> datetime | None:
    try:
        return stamp(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def read(record: Record, kind: type[Said]) -> Said | Unreadable:
    """The event in the record's value, or why it is none."""
    try:
        return kind.model_validate_json(record.value or b"")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        return Unreadable(Refused(f"Not a valid {kind.__name__}: {first['msg']} (at /{where}).", status=422))
