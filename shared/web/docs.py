"""The API's documentation as a page that needs no internet."""

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from shared.identity.policy import SERVICES
from shared.web.pages import STRICT, page, templates
from shared.web.signed_in import admit

_TEMPLATES = templates()

# Swagger UI writes style attributes and draws its icons from data: addresses; scripts stay as strict as elsewhere.
_POLICY = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)


def docs(service: str) -> APIRouter:
    """The route that shows a service's operations and lets one try them, as whoever signed in on the start page."""
    router = APIRouter(prefix=f"/{service}", dependencies=[Depends(admit)], include_in_schema=False)

    @router.get("/docs")
    async def operations() -> HTMLResponse:
        return page(_TEMPLATES, "docs.html", csp=_POLICY, service=service, services=SERVICES)

    return router
