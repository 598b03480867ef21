"""A department's feed, in the formats that readers know and as a live stream."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.spread.domain.feed import Delivery
from services.spread.feeds import atom_feed, feed_item, json_feed
from services.spread.shown import DepartmentName
from services.spread.storage import SpreadStorage
from shared.storage.document import Document
from shared.storage.documents import Page
from shared.web.live import while_serving
from shared.web.paging import Cursor, Limit, decode, encode
from shared.web.signed_in import Flow, admit
from shared.web.watching import Ends

router = APIRouter(prefix="/spread/feeds", tags=["feeds"], dependencies=[Depends(admit)])
Department = Annotated[DepartmentName, Path()]
PAUSE = 0.25
LOOK_BACK = timedelta(seconds=5)


class JsonFeed(JSONResponse):
    """A JSON Feed under its own content type."""

    media_type = "application/feed+json"


class AtomFeed(Response):
    """An Atom feed under its own content type."""

    media_type = "application/atom+xml"


@router.get("/{department}.json", response_class=JsonFeed)
async def json(
    department: Department, flow: Flow, request: Request, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """The feed as JSON Feed 1.1: each entry once per version, and why it came."""
    page = await flow.storage.feed(department, limit, decode(cursor))
    base = str(request.base_url)
    items = await _items(flow.storage, page, base)
    following = str(request.url.include_query_params(cursor=encode(page.after))) if page.after else None
    feed = json_feed(department, items, base, following)
    return JsonFeed(feed)


async def _items(storage: SpreadStorage, page: Page[Any], base: str) -> list[dict[str, Any]]:
    retired = await storage.retired({document.known.entry_id for document in page.documents})
    return [feed_item(document, base, retired) for document in page.documents]


@router.get("/{department}.atom", response_class=AtomFeed)
async def atom(department: Department, flow: Flow, request: Request, limit: Limit = 50) -> Response:
    """The feed as Atom (RFC 4287)."""
    page = await flow.storage.feed(department, limit, None)
    content = atom_feed(department, page.documents, str(request.base_url))
    return AtomFeed(content)


@router.get("/{department}/live", response_class=EventSourceResponse)
async def live(
    department: Department, flow: Flow, request: Request, ends: Ends
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events, for as long as somebody watches: each `entry` is one that reached the department."""
    async for document in while_serving(_arrivals(flow.storage, department), ends):
        item = feed_item(document, str(request.base_url), set())
        yield ServerSentEvent(data=item, event="entry", id=document.id)


async def _arrivals(storage: SpreadStorage, department: str) -> AsyncIterator[Document[Delivery]]:
    seen: set[str] = set()
    start = datetime.now(UTC)
    while True:
        found = await storage.delivered_since(department, max(start, datetime.now(UTC) - LOOK_BACK))
        for document in found:
            if document.id not in seen:
                yield document
        seen = {document.id for document in found}
        await asyncio.sleep(PAUSE)
