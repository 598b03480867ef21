"""Discover's HTTP endpoints: capture, amend, withdraw, find, and follow an item."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.discover.audience import Shown
from services.discover.circulation import where_it_is
from services.discover.domain.item import Item, Stage
from services.discover.shown import (
    Circulation,
    IdempotencyKey,
    Journey,
    Now,
    ShownItem,
    ShownStep,
    WishedChanges,
    WishedItem,
)
from services.discover.steps.amend_item import AmendItem
from services.discover.steps.capture_item import CaptureItem, UseKey
from services.discover.steps.withdraw_item import WithdrawItem
from services.discover.storage import ITEMS
from shared.contracts.base import Kind, TopicName
from shared.fingerprint import content_sha256, same_body
from shared.flow.step import Refused
from shared.identity.authorship import authorship, is_author, private_id
from shared.storage.document import Document
from shared.web.authors import AuthorKey, author
from shared.web.conditional import IfMatch, etag
from shared.web.paging import Cursor, Limit, Listing, decode, listing
from shared.web.secrets import refuse_secrets
from shared.web.signed_in import Actor, Flow, admit

router = APIRouter(prefix="/discover", tags=["discover"], dependencies=[Depends(admit)])


@router.post("/items", status_code=201, responses={200: {"model": ShownItem}})
async def capture(
    wish: WishedItem,
    actor: Actor,
    flow: Flow,
    key: AuthorKey,
    response: Response,
    idempotency_key: Annotated[IdempotencyKey | None, Header()] = None,
) -> ShownItem:
    """Capture an item; the same from the same person finds the item that exists (200)."""
    content = wish.content()
    refuse_secrets(content.model_dump())
    item_id = private_id(key, actor.id, same_body(wish.body))
    used = private_id(key, actor.id, "key", idempotency_key) if idempotency_key else None
    if used:
        await flow.do(UseKey(key=used, request=private_id(key, wish.model_dump_json())))
    done = await flow.do(
        CaptureItem(
            item_id=item_id,
            content=content,
            content_sha256=content_sha256(content),
            author=author(key, actor, item_id, wish.attribution),
            follows=wish.follows,
            captured_with=used,
        )
    )
    first = done.changed or (used is not None and done.state(ITEMS.name).captured_with == used)
    response.status_code = 201 if first else 200
    response.headers["Location"] = f"/discover/items/{item_id}"
    return _shown(done.job.documents[ITEMS.name], response)


def _shown(document: Document[Item], response: Response) -> ShownItem:
    item = document.known
    response.headers["ETag"] = etag(item.version, item.stage)
    return ShownItem.of(document)


@router.get("/items")
async def items(
    flow: Flow,
    request: Request,
    response: Response,
    stage: Stage | None = None,
    kind: Kind | None = None,
    topic: Annotated[TopicName | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ShownItem]:
    """Items, the newest first, without those that were withdrawn."""
    wanted = {"state.stage": stage, "state.content.kind": kind, "state.content.topics": topic}
    where = {name: value for name, value in wanted.items() if value is not None}
    page = await flow.storage.items(where, limit, decode(cursor))
    return listing(page, ShownItem.of, request, response)


async def _item(item_id: str, actor: Actor, flow: Flow, key: AuthorKey) -> Document[Item]:
    found: Document[Item] | None = await flow.storage.item(item_id)
    if found is None:
        raise Refused("There is no such item; `knowhow items` lists them.", 404)
    own = is_author(key, actor.id, item_id, found.known.author.proof)
    if found.known.stage is Stage.WITHDRAWN and not own:
        raise Refused("Its author has withdrawn this item.", 410)
    return found


Found = Annotated[Document[Item], Depends(_item)]


@router.get("/items/{item_id}")
async def item(found: Found, response: Response) -> ShownItem:
    """One item, and where it is now."""
    return _shown(found, response)


@router.patch("/items/{item_id}")
async def amend(
    item_id: str,
    wish: WishedChanges,
    actor: Actor,
    flow: Flow,
    key: AuthorKey,
    version: IfMatch,
    response: Response,
) -> ShownItem:
    """Change an item of one's own, of which one has read the version named in If-Match; what is left out stays."""
    changes = wish.changes()
    refuse_secrets(changes.model_dump(exclude_unset=True))
    proof = authorship(key, actor.id, item_id)
    wished = AmendItem(item_id=item_id, proof=proof, version=version, changes=changes)
    return _shown((await flow.do(wished)).job.documents[ITEMS.name], response)


@router.delete("/items/{item_id}", status_code=204)
async def withdraw(item_id: str, actor: Actor, flow: Flow, key: AuthorKey) -> None:
    """Take an item of one's own back, wherever it is by now."""
    await flow.do(WithdrawItem(item_id=item_id, proof=authorship(key, actor.id, item_id)))


@router.get("/items/{item_id}/journey")
async def journey(found: Found, flow: Flow) -> Journey:
    """Everything that happened to an item over all services, in order, and where it waits now."""
    known = found.known
    now = Now(stage=known.stage, waiting_for=known.waiting_for, since=known.since)
    notes = await flow.storage.notes(found.id)
    return Journey(item=ShownItem.of(found), now=now, steps=[ShownStep.of(note) for note in notes])


@router.get("/circulation")
async def circulation(flow: Flow, show: Shown) -> Circulation:
    """How much is where, and what moved last; who did it and what they said is for those who are signed in."""
    return await where_it_is(flow.storage, show)
