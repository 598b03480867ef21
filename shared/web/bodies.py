"""Bounds the body of a request before anybody reads it whole."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.problems import problem

LARGEST = 256 * 1024
TOO_LARGE = "Keep it under 256 KB; put longer material elsewhere and link to it."


class BodyLimit:
    """Answers 413 to bodies over 256 KB, whether or not they say how long they are, and 415 to what is no JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its bytes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _is_something_else(dict(scope["headers"])):
            answer = problem(415, "Send JSON, and say so: `Content-Type: application/json`.")
            await answer(scope, receive, send)
            return
        if _announced(scope) > LARGEST:
            await problem(413, TOO_LARGE)(scope, receive, send)
            return
        await self.app(scope, _counted(receive), send)


def _is_something_else(headers: dict[bytes, bytes]) -> bool:
    has_body = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    return has_body and kind != b"application/json"


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST:
            raise HTTPException(413, TOO_LARGE)
        return message

    return counted
