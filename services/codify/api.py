"""Codify's HTTP endpoints: reviews and decisions, the library, and its curators."""

import json
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from services.codify.domain.entry import LibraryEntry
from services.codify.domain.review import Curator, Review, ReviewState
from services.codify.shown import (
    Accepted,
    Appointing,
    Deciding,
    Retiring,
    ShownCurator,
    ShownEntry,
    ShownEntryWhole,
    ShownReview,
)
from services.codify.steps.appoint import AppointCurator, DismissCurator
from services.codify.steps.ask_for_decision import AskForDecision
from services.codify.steps.close_review import RetireEntry
from services.codify.steps.decide_review import NO_SAY, refusal, repeats
from services.codify.storage import CURATORS, ENTRIES, OWN
from services.codify.versions import numbered, version_of
from shared.contracts.base import Kind, TopicName, Who
from shared.contracts.codify import DecideReview, Verdict
from shared.flow.step import Refused
from shared.identity.authorship import is_author
from shared.identity.people import Person
from shared.identity.signatures import BadSignature, DecisionClaims, public_half, sign
from shared.storage.document import Document
from shared.web.authors import AuthorKey
from shared.web.conditional import etag
from shared.web.paging import Cursor, Limit, Listing, decode, listing
from shared.web.secrets import refuse_secrets
from shared.web.signed_in import Actor, Flow, admit
from shared.web.text import Line

router = APIRouter(prefix="/codify", tags=["codify"], dependencies=[Depends(admit)])
HOUR = 3600
PersonId = Annotated[Line, Path(max_length=200)]


@router.get("/reviews")
async def reviews(
    flow: Flow,
    request: Request,
    response: Response,
    state: ReviewState = ReviewState.OPEN,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ShownReview]:
    """The queue, the longest waiting first."""
    page = await flow.storage.reviews(state, limit, decode(cursor))
    return listing(page, ShownReview.of, request, response)


async def _review(item_id: str, flow: Flow) -> Document[Review]:
    found: Document[Review] | None = await flow.storage.review(item_id)
    if found is None:
        raise Refused("There is no review of this item; `knowhow reviews` shows the queue.", 404)
    return found


UnderReview = Annotated[Document[Review], Depends(_review)]


@router.get("/reviews/{item_id}")
async def review(found: UnderReview, response: Response) -> ShownReview:
    """One review, with the content hash and version that a decision must name."""
    response.headers["ETag"] = etag(found.version)
    return ShownReview.of(found)


@router.post("/reviews/{item_id}/decisions", status_code=202)
async def decide(
    found: UnderReview,
    wish: Deciding,
    actor: Actor,
    flow: Flow,
    key: AuthorKey,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Accepted:
    """Put a decision onto the decisions topic; what it says is checked again, for good, when codify hears it."""
    # Refused before it is on any record: that record would tell who the author behind a pseudonym is.
    if is_author(key, actor.id, found.id, found.known.author.proof):
        raise Refused("This is your own item; another curator decides about it.", 403)
    refuse_secrets({"reason": wish.reason})
    if wish.decision is Verdict.MERGE and not wish.into:
        raise Refused("Name the entry to merge it into, as `into`.", 422)
    name = f"{actor.id}/{found.id}/{idempotency_key}" if idempotency_key else str(uuid.uuid4())
    jti = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    signed = sign(_claims(found.id, wish, actor, jti), flow.settings.gateway_key.get_secret_value())
    await _foresee(found, signed, flow)
    await flow.do(AskForDecision(decision_id=jti, item_id=found.id, jws=signed))
    return Accepted(event_id=f"asked/{jti}/1")


async def _foresee(found: Document[Review], signed: str, flow: Flow) -> None:
    """Refuse at once what would be refused when it is heard, so that nobody has to look for it in the journey."""
    [checked] = await flow.storage.checked([DecideReview(item_id=found.id, jws=signed)])
    again = checked.counted_before or repeats(found.known, checked)
    if why := None if again else refusal(found.known, found.id, checked):
        raise Refused(why, 403 if why == NO_SAY else 409)


def _claims(item_id: str, wish: Deciding, actor: Person, jti: str) -> DecisionClaims:
    now = int(datetime.now(UTC).timestamp())
    said = wish.model_dump(mode="json")
    return DecisionClaims(item_id=item_id, sub=actor.id, jti=jti, iat=now, exp=now + 24 * HOUR, **said)


@router.get("/entries")
async def entries(
    flow: Flow,
    request: Request,
    response: Response,
    topic: Annotated[TopicName | None, Query()] = None,
    kind: Kind | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ShownEntry]:
    """The library, the newest first."""
    wanted = {"state.content.topics": topic, "state.content.kind": kind}
    where = {name: value for name, value in wanted.items() if value is not None}
    page = await flow.storage.entries(where, limit, decode(cursor))
    return listing(page, lambda document: ShownEntry.of(document.known), request, response)


async def _entry(entry_id: str, flow: Flow) -> Document[LibraryEntry]:
    found: Document[LibraryEntry] | None = await flow.storage.entry(entry_id)
    if found is None:
        raise Refused("There is no such entry; `knowhow search` finds those there are.", 404)
    return found


InLibrary = Annotated[Document[LibraryEntry], Depends(_entry)]


@router.get("/entries/{entry_id}")
async def entry(found: InLibrary, flow: Flow, response: Response) -> ShownEntryWhole:
    """The newest version of an entry, and what departments reported about it."""
    response.headers["ETag"] = etag(found.version)
    shown = ShownEntry.of(found.known).model_dump()
    return ShownEntryWhole(
        **shown, versions=numbered(found), adoptions=await flow.storage.adoptions(found.id)
    )


@router.get("/entries/{entry_id}/versions/{n}")
async def version(found: InLibrary, n: Annotated[int, Path(ge=1, le=1_000_000)]) -> ShownEntry:
    """One version of an entry, as it was published."""
    return ShownEntry.of(version_of(found, n))


@router.post("/entries/{entry_id}/retirement", status_code=201)
async def retire(entry_id: str, wish: Retiring, actor: Actor, flow: Flow) -> ShownEntry:
    """Take an entry out of use; it stays readable, and departments hear of it no longer."""
    refuse_secrets({"reason": wish.reason})
    done = await flow.do(RetireEntry(entry_id=entry_id, by=actor.id, reason=wish.reason))
    return ShownEntry.of(done.state(ENTRIES.name))


@router.get("/curators")
async def curators(flow: Flow) -> Listing[ShownCurator]:
    """Who has the say over which topics."""
    known = [document.known for document in (await flow.storage.curators()).documents]
    return Listing(items=[_shown(one) for one in known if not one.removed])


def _shown(curator: Curator) -> ShownCurator:
    return ShownCurator.of(curator, [json.loads(key)["kid"] for key in curator.own_keys])


@router.put("/curators/{person_id}")
async def appoint(person_id: PersonId, wish: Appointing, flow: Flow) -> ShownCurator:
    """Give somebody the say over exactly these topics, and register their own keys."""
    keys = tuple(_public(key, person_id) for key in wish.keys)
    person = Who(id=person_id, name=wish.name, department=wish.department)
    done = await flow.do(AppointCurator(person=person, topics=tuple(wish.topics), own_keys=keys))
    return _shown(done.state(CURATORS.name))


def _public(key: dict[str, Any], person_id: str) -> str:
    try:
        public = public_half(json.dumps(key))
    except BadSignature as error:
        raise Refused(str(error), 422) from error
    if not str(public["kid"]).startswith(f"{OWN}{person_id}:"):
        raise Refused(f"Name the key {OWN}{person_id}:…, as `knowhow keys new` does.", 422)
    return json.dumps(public)


@router.delete("/curators/{person_id}", status_code=204)
async def dismiss(person_id: PersonId, flow: Flow) -> None:
    """Take all say from somebody, at once; decisions of theirs that are still under way no longer count."""
    await flow.do(DismissCurator(person_id=person_id))
