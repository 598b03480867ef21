"""Spread's HTTP endpoints: subscriptions, search, reports of adoption, and rebuilding the index."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.spread.collections import SUBSCRIPTIONS
from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription
from services.spread.index import preview_body, search_body
from services.spread.shown import (
    Changing,
    DepartmentName,
    Found,
    Hit,
    Preview,
    Rebuilding,
    Reported,
    Reporting,
    ShownSubscription,
    Subscribing,
    Wishing,
)
from services.spread.steps.report_adoption import ReportAdoption
from services.spread.steps.subscribe import ChangeSubscription, Subscribe, Unsubscribe, present
from shared.contracts.base import Attribution, Kind, TopicName
from shared.fingerprint import same_body
from shared.flow.step import Refused
from shared.identity.authorship import private_id
from shared.storage.document import Document
from shared.web.authors import AuthorKey, author, who
from shared.web.paging import UNUSABLE, Cursor, Limit, Listing, decode, encode, listing
from shared.web.secrets import refuse_secrets
from shared.web.signed_in import Actor, Flow, admit
from shared.web.text import plain

router = APIRouter(prefix="/spread", tags=["spread"], dependencies=[Depends(admit)])
LOOK_BACK = timedelta(days=90)
PREVIEWED = 50
DEEPEST = 10_000
"""OpenSearch pages no deeper than this."""


@router.post("/subscriptions", status_code=201, responses={200: {"model": ShownSubscription}})
async def subscribe(wish: Subscribing, actor: Actor, flow: Flow, response: Response) -> ShownSubscription:
    """Let a department follow topics; the same again finds the subscription that exists (200)."""
    same: Subscription | None = await flow.storage.same(wish.department, wish.wanted())
    if same:
        response.status_code = 200
        return ShownSubscription.shown(same)
    identity = uuid.uuid4().hex
    wished = Subscribe(
        subscription_id=identity, department=wish.department, wanted=wish.wanted(), by=who(actor)
    )
    done = await flow.do(wished)
    response.headers["Location"] = f"/spread/subscriptions/{identity}"
    return ShownSubscription.shown(done.state(SUBSCRIPTIONS.name))


@router.get("/subscriptions")
async def subscriptions(
    flow: Flow,
    request: Request,
    response: Response,
    department: Annotated[DepartmentName | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ShownSubscription]:
    """What departments follow."""
    page = await flow.storage.subscriptions(department, limit, decode(cursor))
    return listing(page, ShownSubscription.of, request, response)


@router.post("/subscriptions/preview")
async def preview(wish: Wishing, flow: Flow) -> Preview:
    """What a subscription would have brought in the last 90 days."""
    since = (datetime.now(UTC) - LOOK_BACK).isoformat()
    hits = (await flow.storage.searching.search(preview_body(wish.wanted(), since, PREVIEWED)))["hits"]
    return Preview(items=[Hit.of(hit) for hit in hits["hits"]], total=hits["total"]["value"])


async def _subscription(subscription_id: str, flow: Flow) -> Document[Subscription]:
    found: Document[Subscription] | None = await flow.storage.subscription(subscription_id)
    present(found.state if found else None)
    return found or Document(subscription_id)


Followed = Annotated[Document[Subscription], Depends(_subscription)]


@router.get("/subscriptions/{subscription_id}")
async def subscription(found: Followed) -> ShownSubscription:
    """One subscription."""
    return ShownSubscription.of(found)


@router.patch("/subscriptions/{subscription_id}")
async def change(found: Followed, wish: Changing, flow: Flow) -> ShownSubscription:
    """Follow something else from now on; what is left out stays, `query: null` takes the query away."""
    done = await flow.do(ChangeSubscription(subscription_id=found.id, changes=wish.changes()))
    return ShownSubscription.shown(done.state(SUBSCRIPTIONS.name))


@router.delete("/subscriptions/{subscription_id}", status_code=204)
async def unsubscribe(found: Followed, flow: Flow) -> None:
    """Follow it no longer; what was delivered stays in the feed."""
    await flow.do(Unsubscribe(subscription_id=found.id))


@router.get("/search")
async def search(
    flow: Flow,
    q: Annotated[str, Query(max_length=300)] = "",
    topic: Annotated[TopicName | None, Query()] = None,
    kind: Kind | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Found:
    """The library: ranked, forgiving of spelling, with highlights and facets; a topic takes in those under it."""
    start = _start(cursor, limit)
    body = search_body(_text(q), {"topics": topic, "kind": kind}, start, limit)
    answer = await flow.storage.searching.search(body)
    total = answer["hits"]["total"]["value"]
    more = start + limit < min(total, DEEPEST - limit + 1)
    hits = [Hit.of(hit) for hit in answer["hits"]["hits"]]
    return Found(
        items=hits, total=total, facets=_facets(answer), next=encode((start + limit, "")) if more else None
    )


def _facets(answer: dict[str, Any]) -> dict[str, dict[str, int]]:
    named = answer.get("aggregations", {}).items()
    return {name: {one["key"]: one["doc_count"] for one in facet["buckets"]} for name, facet in named}


def _start(cursor: str | None, limit: int) -> int:
    start = (decode(cursor) or (0, ""))[0]
    if not isinstance(start, int) or not 0 <= start <= DEEPEST - limit:
        raise Refused(UNUSABLE, 422)
    return start


def _text(q: str) -> str:
    try:
        return plain(q)
    except ValueError as error:
        raise Refused(str(error), 422) from error


@router.post("/entries/{entry_id}/adoptions", status_code=201)
async def report(entry_id: str, wish: Reporting, actor: Actor, flow: Flow, key: AuthorKey) -> Reported:
    """Report what came of an entry in a department; what was learnt becomes a new item that follows the first.

    The same about the same version is the same report; about a later version it is another one.
    """
    refuse_secrets(wish.model_dump(include={"note", "learned"}))
    entry: SpreadEntry | None = await flow.storage.entry(entry_id)
    version = str(entry.published_version if entry else 0)
    adoption_id = private_id(key, actor.id, entry_id, version, wish.model_dump_json())
    # Never the id of what they captured with the same words: that may be without their name, and this is by name.
    learned_as = private_id(key, actor.id, "learned", same_body(wish.learned)) if wish.learned else None
    learned_by = author(key, actor, learned_as, Attribution.NAMED) if learned_as else None
    await flow.do(
        ReportAdoption(
            adoption_id=adoption_id,
            entry_id=entry_id,
            who=who(actor),
            learned_as=learned_as,
            learned_by=learned_by,
            **wish.model_dump(),
        )
    )
    return Reported(adoption_id=adoption_id, learned_as=learned_as)


@router.post("/reindex", status_code=202)
async def reindex(flow: Flow) -> Rebuilding:
    """Begin to rebuild the index from the documents; searches go on meanwhile."""
    searching = flow.storage.searching
    if not searching.progress.running:
        flow.run_once(searching.rebuild())
        await asyncio.sleep(0)
    return await reindexing(flow)


@router.get("/reindex")
async def reindexing(flow: Flow) -> Rebuilding:
    """How far the rebuild has come."""
    return Rebuilding.model_validate(flow.storage.searching.progress, from_attributes=True)
