"""An announcement as it is stored and as it goes over Kafka: CloudEvents 1.0 in the Kafka protocol's binary mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

from shared.contracts.base import Said


@dataclass(frozen=True)
class Cause:
    """Why something is said: the event or request before it, what began it all, and the trace it belongs to."""

    id: str
    correlation: str
    traceparent: str = ""
    said_at: datetime | None = None

    @classmethod
    def request(cls, traceparent: str = "") -> Self:
        """A person's request begins a new story."""
        identity = uuid4().hex
        return cls(identity, identity, traceparent)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event with everything that its record needs; `value` is the JSON data."""

    id: str
    type: str
    topic: str
    key: str
    subject: str
    time: str
    value: str
    correlation: str
    causation: str
    traceparent: str

    @classmethod
    def of(cls, said: Said, number: str, cause: Cause, now: datetime) -> Self:
        """Say it; `number` is unique for ever: the document and the place in its history."""
        return cls(
            id=number,
            type=type(said).__name__,
            topic=said.destination,
            key=said.key,
            subject=said.subject,
            time=now.isoformat(timespec="milliseconds"),
            value=said.model_dump_json(),
            correlation=cause.correlation,
            causation=cause.id,
            traceparent=cause.traceparent,
        )

    @classmethod
    def loaded(cls, stored: Mapping[str, Any]) -> Self:
        """An announcement out of a document's history."""
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """The announcement as a document's history holds it."""
        # All fields are text; `asdict` would copy each of them with care and take ten times as long.
        return {name: getattr(self, name) for name in self.__slots__}

    def headers(self, service: str) -> dict[str, str]:
        """The record's headers (CloudEvents Kafka protocol binding 1.0.2, section 3.2; W3C Trace Context)."""
        named = {
            "content-type": "application/json",
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": source_of(service),
            "ce_subject": self.subject,
            "ce_time": self.time,
            "correlationid": self.correlation,
            "causationid": self.causation,
            "traceparent": self.traceparent,
        }
        return {name: value for name, value in named.items() if value}


def source_of(service: str) -> str:
    """Who says it, as CloudEvents name them."""
    return f"/{service}"
