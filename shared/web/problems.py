"""Errors as the person who asked should read them: problem details (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.contracts.base import DEPARTMENT_PATTERN, TOPIC_PATTERN
from shared.flow.errors import Fault, Passing, fault_of
from shared.flow.step import Refused
from shared.identity.jwks import IssuerAway
from shared.identity.policy import methods_of
from shared.identity.tokens import NotSignedIn
from shared.storage.drivers import AWAY

RETRY_AFTER = "2"
MEDIA_TYPE = "application/problem+json"


class Fieldwise(BaseModel):
    """What is wrong with one field; `pointer` is a JSON pointer (RFC 6901) into the body, or names the parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """A problem (RFC 9457); `detail` is a sentence that tells what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fieldwise] = []


class FieldsRefused(Refused):
    """The rules say no to some fields of a request, each with its pointer."""

    def __init__(self, message: str, errors: Sequence[Fieldwise], status: int = 422) -> None:
        super().__init__(message, status)
        self.errors = list(errors)


def problem(
    status: int, detail: str, errors: Sequence[Fieldwise] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem as a response."""
    content = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return JSONResponse(content.model_dump(), status, headers, media_type=MEDIA_TYPE)


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429, 503)
}
"""What any operation may answer beside what it promises, for the OpenAPI document."""


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(IssuerAway, _away)
    app.add_exception_handler(Exception, any_error)
    for kind in (Refused, Passing, TimeoutError, *AWAY):
        app.add_exception_handler(kind, any_error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [_field(one) for one in found[:20]]
    return problem(422, "Correct what `errors` names and send it again; nothing was changed.", errors)


def _field(error: dict[str, Any]) -> Fieldwise:
    if error["type"] == "json_invalid":
        why = error.get("ctx", {}).get("error", "It is no JSON")
        return Fieldwise(pointer="", detail=f"{why} at character {error['loc'][-1]}.")
    told = PATTERNS.get(error.get("ctx", {}).get("pattern", ""), error["msg"].removeprefix("Value error, "))
    return Fieldwise(pointer=_pointer(error["loc"]), detail=told)


PATTERNS: dict[str, str] = {
    TOPIC_PATTERN: "Write a topic with small letters, digits and hyphens, and / before what is under it: finance/vat-returns.",
    DEPARTMENT_PATTERN: "Write a department with small letters, digits and hyphens: human-resources.",
}
"""What somebody who missed a pattern should do."""


def _pointer(location: Sequence[Any]) -> str:
    where, *path = location
    parts = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    return parts if where == "body" else f"{where}{parts}"


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = getattr(error, "status_code", 500)
    headers = dict(getattr(error, "headers", None) or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(methods_of(getattr(request.scope.get("route"), "path", "")))
    detail = str(getattr(error, "detail", error))
    return problem(status, SENTENCES.get((status, detail), detail), headers=headers)


SENTENCES: dict[tuple[int, str], str] = {
    (
        400,
        "There was an error parsing the body",
    ): "The body cannot be read as JSON; send JSON in UTF-8, not too deep.",
    (
        404,
        "Not Found",
    ): "There is nothing at this address; the documentation below /discover/docs lists what there is.",
    (405, "Method Not Allowed"): "This address is used with other methods; the header Allow names them.",
}
"""What the framework refuses in a few words, told in a sentence."""


async def _not_signed_in(_: Request, error: Exception) -> JSONResponse:
    return problem(401, str(error), headers={"WWW-Authenticate": "Bearer"})


async def _away(_: Request, error: Exception) -> JSONResponse:
    # What a driver says names our servers, which is for the log.
    told = error if isinstance(error, Passing | IssuerAway) else "A server behind this one does not answer."
    return problem(503, f"{told} Try again in a moment.", headers={"Retry-After": RETRY_AFTER})


async def any_error(request: Request, error: Exception) -> JSONResponse:
    """Whatever went wrong as a problem, by the one table of errors."""
    match fault_of(error):
        case Fault.REFUSED if isinstance(error, Refused):
            return problem(error.status, str(error), getattr(error, "errors", ()))
        case Fault.PASSING:
            return await _away(request, error)
        case _:
            return problem(500, "Something went wrong here, not with your request; it has been logged.")
