"""A department's feed, in the formats that readers know and as a live stream."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.spread.arrivals import arrivals
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
    retired = await _retired(flow.storage, page)
    items = [feed_item(document, base, retired) for document in page.documents]
    following = str(request.url.include_query_params(cursor=encode(page.after))) if page.after else None
    feed = json_feed(department, items, base, following)
    return JsonFeed(feed)


async def _retired(storage: SpreadStorage, page: Page[Delivery]) -> set[str]:
    return await storage.retired({document.known.entry_id for document in page.documents})


@router.get("/{department}.atom", response_class=AtomFeed)
async def atom(department: Department, flow: Flow, request: Request, limit: Limit = 50) -> Response:
    """The feed as Atom (RFC 4287)."""
    page = await flow.storage.feed(department, limit, None)
    retired = await _retired(flow.storage, page)
    content = atom_feed(department, page.documents, str(request.base_url), retired)
    return AtomFeed(content)


async def _last(
    department: Department, flow: Flow, last_event_id: Annotated[str | None, Header()] = None
) -> Document[Delivery] | None:
    found: Document[Delivery] | None = await flow.storage.delivery(department, last_event_id or "")
    return found


LastSeen = Annotated[Document[Delivery] | None, Depends(_last)]


@router.get("/{department}/live", response_class=EventSourceResponse)
async def live(
    department: Department, flow: Flow, request: Request, ends: Ends, last: LastSeen
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events, for as long as somebody watches: each `entry` is one that reached the department.

    Whoever names the last one that they saw (`Last-Event-ID`) gets what came since first; some of it may come twice.
    """
    base = str(request.base_url)
    async for document, retired in while_serving(arrivals(flow.storage, department, last), ends):
        yield ServerSentEvent(data=feed_item(document, base, retired), event="entry", id=document.id)
