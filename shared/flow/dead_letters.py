"""What could not be heard: kept with its original bytes until an operator has it heard again, or discards it."""

import base64
import hashlib
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Said
from shared.flow.hearing import Record, headers_of
from shared.flow.step import Moment, On, Outcome, Refused, unchanged
from shared.storage.document import Collection

LARGEST_COPY = 512 * 1024
"""Bytes of a value that the dead letter's announcement still carries; the document always has all of them."""


def dead_letter_topic(topic: str, service: str) -> str:
    """Where a service puts copies of what it could not hear on a topic."""
    return f"{topic}.dead.{service}"


class Letter(BaseModel):
    """A message that was parked, as it came."""

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    reason: str
    trace: str
    service: str


class Discarded(BaseModel):
    """Who took a dead letter off the list, when and why."""

    model_config = ConfigDict(frozen=True)

    by: str
    reason: str
    at: datetime


class DeadLetter(Letter):
    """A parked message, when it was parked and heard after all, and whether somebody discarded it."""

    parked_at: datetime
    heard_at: datetime | None = None
    discarded: Discarded | None = None


class MessageParked(Said):
    """What a service could not hear, on its dead-letter topic."""

    service: str
    original_topic: str
    partition: int
    offset: int
    reason: str
    value_base64: str | None
    item_id: str = ""

    @property
    def destination(self) -> str:
        """The dead-letter topic of the service."""
        return dead_letter_topic(self.original_topic, self.service)

    @property
    def key(self) -> str:
        """The place of the original."""
        return f"{self.original_topic}/{self.partition}/{self.offset}"


class HeardAfterAll(BaseModel):
    """An operator had a dead letter heard again, with success."""

    letter_id: str


class DiscardLetter(BaseModel):
    """An operator's wish that nobody be troubled with a dead letter any more."""

    letter_id: str
    by: str
    reason: str


def letter(record: Record, error: Exception, service: str) -> Letter:
    """The letter that keeps this record and why it could not be heard."""
    return Letter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key or b"",
        value=record.value or b"",
        headers=tuple((str(name), value or b"") for name, value in record.headers or ()),
        reason=f"{type(error).__name__}: {error}"[:2000],
        trace=headers_of(record).get("traceparent", ""),
        service=service,
    )


def park(known: DeadLetter | None, heard: Letter, moment: Moment) -> Outcome[DeadLetter]:
    """Keep the message; parking it again, also after it was heard or discarded, changes nothing."""
    if known:
        return unchanged(known)
    copy = base64.b64encode(heard.value).decode() if len(heard.value) <= LARGEST_COPY else None
    said = MessageParked(
        service=heard.service,
        original_topic=heard.topic,
        partition=heard.partition,
        offset=heard.offset,
        reason=heard.reason,
        value_base64=copy,
    )
    return Outcome(DeadLetter(**heard.model_dump(), parked_at=moment.now), says=(said,))


def hear_after_all(known: DeadLetter | None, _: HeardAfterAll, moment: Moment) -> Outcome[DeadLetter]:
    """Take the letter off the list; it stays in the database."""
    known = _there(known)
    return Outcome(known if known.heard_at else known.model_copy(update={"heard_at": moment.now}))


def discard(known: DeadLetter | None, wish: DiscardLetter, moment: Moment) -> Outcome[DeadLetter]:
    """Take the letter off the list unheard; it stays in the database, and can still be heard again."""
    known = _there(known)
    if known.heard_at or known.discarded:
        return unchanged(known)
    discarded = Discarded(by=wish.by, reason=wish.reason, at=moment.now)
    return Outcome(known.model_copy(update={"discarded": discarded}))


def _there(known: DeadLetter | None) -> DeadLetter:
    if known is None:
        raise Refused("There is no such dead letter; `knowhow dead-letters list` shows them.", status=404)
    return known


def letter_id(heard: Letter) -> str:
    """A dead letter's id: the event's own, so that it is parked once however often it is announced; else its place."""
    headers = {name: value.decode(errors="replace") for name, value in heard.headers}
    place = f"{heard.topic}/{heard.partition}/{heard.offset}"
    named = f"{headers.get('ce_source')}/{headers['ce_id']}" if headers.get("ce_id") else place
    return hashlib.sha256(named.encode() + heard.value).hexdigest()[:32]


DEAD_LETTERS = Collection(
    "dead_letters", DeadLetter, indexes=("state.heard_at,state.discarded.at,state.parked_at",)
)
ON_THE_LIST = {"state.heard_at": None, "state.discarded.at": None}
"""The condition of the letters that an operator still has to see to."""

ROWS = (
    On(Letter, park, into=DEAD_LETTERS, key=letter_id),
    On(HeardAfterAll, hear_after_all, into=DEAD_LETTERS, key=lambda heard: heard.letter_id),
    On(DiscardLetter, discard, into=DEAD_LETTERS, key=lambda wish: wish.letter_id),
)
