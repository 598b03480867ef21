"""What an operator asks of a service: health, lag, dead letters, announcing again."""

import base64
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict

from shared.flow.dead_letters import (
    DEAD_LETTERS,
    ON_THE_LIST,
    DeadLetter,
    Discarded,
    DiscardLetter,
    HeardAfterAll,
)
from shared.flow.errors import Fault, fault_of
from shared.flow.step import Refused
from shared.storage.document import Document
from shared.storage.documents import Query
from shared.web.paging import Cursor, Limit, Listing, decode, listing
from shared.web.secrets import refuse_secrets
from shared.web.signed_in import Actor, Flow, admit
from shared.web.text import Note


class Status(BaseModel):
    """How a service is."""

    service: str
    ready: bool
    why: str
    lag: dict[str, int]
    pending: bool
    dead_letters: int
    skipped: int
    hears: list[str]


class Parked(BaseModel):
    """A dead letter in a list."""

    id: str
    topic: str
    reason: str
    parked_at: datetime


class ParkedWhole(Parked):
    """A dead letter with its original bytes; `value` is null where they are not text."""

    partition: int
    offset: int
    key: str
    headers: dict[str, str]
    value: str | None
    value_base64: str
    trace: str
    heard_at: datetime | None
    discarded: Discarded | None


class Discarding(BaseModel):
    """Why nobody need see to a dead letter any more."""

    model_config = ConfigDict(extra="forbid")

    reason: Note


class Readiness(BaseModel):
    """Whether a service can do its work, and otherwise why not."""

    ready: bool
    why: str


class Metrics(Response):
    """The text format of Prometheus."""

    media_type = CONTENT_TYPE_LATEST


class Announced(BaseModel):
    """How many announcements were made again."""

    announced: int


async def live() -> PlainTextResponse:
    """The process runs."""
    return PlainTextResponse("live")


async def ready(flow: Flow) -> Response:
    """The service can do its work now."""
    why = flow.trouble()
    return JSONResponse({"ready": not why, "why": why}, 503 if why else 200)


async def metrics(request: Request, flow: Flow) -> Response:
    """The metrics that docs/metrics.md lists, for Prometheus; what servers are asked for is up to five seconds old."""
    await request.app.state.measuring.now()
    return Metrics(generate_latest(flow.observer.metrics.registry))


async def status(flow: Flow) -> Status:
    """How the service is: readiness, lag by topic, what waits to be announced, dead letters."""
    why = flow.trouble()
    return Status(
        service=flow.name,
        ready=not why,
        why=why,
        lag=await flow.lag(),
        pending=flow.behind,
        dead_letters=await flow.documents.count(DEAD_LETTERS, ON_THE_LIST),
        skipped=flow.ear.skipped,
        hears=flow.ear.topics,
    )


async def dead_letters(
    flow: Flow, request: Request, response: Response, cursor: Cursor = None, limit: Limit = 50
) -> Listing[Parked]:
    """What could not be heard, and was neither heard since nor discarded, the oldest first."""
    query = Query(ON_THE_LIST, by="state.parked_at", limit=limit, after=decode(cursor))
    page = await flow.documents.page(DEAD_LETTERS, query)
    return listing(page, _parked, request, response)


def _parked(document: Document[DeadLetter]) -> Parked:
    known = document.known
    return Parked(id=document.id, topic=known.topic, reason=known.reason, parked_at=known.parked_at)


async def _letter(letter_id: str, flow: Flow) -> Document[DeadLetter]:
    found = await flow.documents.get(DEAD_LETTERS, letter_id)
    if found is None:
        raise Refused("There is no such dead letter; `knowhow dead-letters list` shows them.", status=404)
    return found


Letter = Annotated[Document[DeadLetter], Depends(_letter)]


async def dead_letter(letter: Letter) -> ParkedWhole:
    """One dead letter with its original bytes."""
    known = letter.known
    return ParkedWhole(
        **_parked(letter).model_dump(),
        partition=known.partition,
        offset=known.offset,
        key=known.key.decode(errors="replace"),
        headers={name: value.decode(errors="replace") for name, value in known.headers},
        value=_text(known.value),
        value_base64=base64.b64encode(known.value).decode(),
        trace=known.trace,
        heard_at=known.heard_at,
        discarded=known.discarded,
    )


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


async def replay(letter: Letter, flow: Flow) -> None:
    """Hear the message again; it leaves the list when that succeeds.

    Raises:
        Refused: it still cannot be heard, and says why; the letter stays as it is.
    """
    try:
        await flow.ear.hear_again(SimpleNamespace(**dict(letter.known)))
    except Exception as error:
        if fault_of(error) is Fault.PASSING:
            raise
        raise Refused(f"It still cannot be heard: {error}") from error
    await flow.do(HeardAfterAll(letter_id=letter.id))


async def discard(letter: Letter, wish: Discarding, actor: Actor, flow: Flow) -> None:
    """Take the letter off the list unheard; it is kept with who did so, when and why, and can still be replayed."""
    refuse_secrets({"reason": wish.reason})
    await flow.do(DiscardLetter(letter_id=letter.id, by=actor.id, reason=wish.reason))


async def announce_again(flow: Flow) -> Announced:
    """Announce everything that this service has ever said; all who hear it are idempotent."""
    return Announced(announced=await flow.keeper.announce_again())


def operation(service: str) -> APIRouter:
    """The routes of operation below a service's name; health and metrics are for everyone, the rest for administrators."""
    router = APIRouter(prefix=f"/{service}", tags=["operation"], dependencies=[Depends(admit)])
    router.add_api_route("/live", live, response_class=PlainTextResponse)
    not_ready = {"description": "Not ready, and why.", "model": Readiness}
    router.add_api_route("/ready", ready, response_model=Readiness, responses={503: not_ready})
    router.add_api_route("/metrics", metrics, response_class=Metrics)
    router.add_api_route("/status", status)
    router.add_api_route("/dead-letters", dead_letters)
    router.add_api_route("/dead-letters/{letter_id}", dead_letter)
    router.add_api_route("/dead-letters/{letter_id}/replay", replay, methods=["POST"], status_code=204)
    router.add_api_route("/dead-letters/{letter_id}/discard", discard, methods=["POST"], status_code=204)
    router.add_api_route("/announce-again", announce_again, methods=["POST"])
    return router
