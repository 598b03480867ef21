"""The start page, what happens while one watches it, and the files that pages are made of."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.discover.audience import Shown
from services.discover.circulation import movements, where_it_is
from services.discover.loop import draw
from shared.flow.errors import Fault, fault_of
from shared.identity.policy import SERVICES
from shared.web.live import while_serving
from shared.web.pages import page, templates
from shared.web.problems import RETRY_AFTER
from shared.web.signed_in import Flow, admit
from shared.web.static_files import static_file
from shared.web.watching import Ends

router = APIRouter(tags=["discover"], dependencies=[Depends(admit)])
router.add_api_route("/static/{path:path}", static_file, include_in_schema=False, response_class=Response)

AT_HOME = ("http://127.0.0.1:8080", "http://localhost:8080")
"""Where the command line looks for the house by itself."""

_TEMPLATES = templates(Path(__file__).parent / "templates")


@router.get("/", include_in_schema=False)
async def start(request: Request, flow: Flow, show: Shown) -> HTMLResponse:
    """The circulation at a glance, and where to try things; says so where the data is away."""
    try:
        found = await where_it_is(flow.storage, show)
    except Exception as error:
        if fault_of(error) is not Fault.PASSING:
            raise
        away = page(_TEMPLATES, "away.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        away.headers["Retry-After"] = RETRY_AFTER
        return away
    here = str(request.base_url).rstrip("/")
    return page(
        _TEMPLATES,
        "start.html",
        loop=draw(found),
        recent=found.recent,
        here=here,
        elsewhere=here not in AT_HOME,
        services=SERVICES,
    )


@router.get("/discover/circulation/live", response_class=EventSourceResponse)
async def live(flow: Flow, show: Shown, ends: Ends) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events, for as long as somebody watches: each `step` is one thing that happened to an item.

    Who did it and what they said is for those who are signed in.
    """
    async for step in while_serving(movements(flow.storage), ends):
        shown = show(step)
        yield ServerSentEvent(event="step", id=shown.event_id, data=shown)
