"""Bounds the body of a request before anybody reads it whole."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.problems import problem

LARGEST = 256 * 1024


class TooLarge(Exception):  # noqa: N818 - it names what happened.
    """More bytes arrived than a body may have."""


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
        try:
            _check(_announced(scope))
            await self.app(scope, _counted(receive), send)
        except TooLarge:
            answer = problem(413, "Keep it under 256 KB; put longer material elsewhere and link to it.")
            await answer(scope, receive, send)


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
        _check(total)
        return message

    return counted


def _check(size: int) -> None:
    if size > LARGEST:
        raise TooLarge
