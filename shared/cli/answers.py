"""What a server's answer means for a command: its JSON, or the error that ends it."""

from http import HTTPStatus
from typing import Any

import httpx

from shared.cli.stop import Away, NotSignedIn, Refused

BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""The answers after which the same request may succeed later."""


def checked(answer: httpx.Response) -> Any:
    """What was answered, as JSON, or None where nothing was.

    Raises:
        NotSignedIn: the server wants to know who asks.
        Refused: the rules say no.
        Away: the server is in trouble, or is not one of ours.
    """
    if answer.is_success:
        return _json(answer) if answer.content else None
    raise failure(answer)


def failure(answer: httpx.Response) -> Refused | NotSignedIn | Away:
    """The error that an unsuccessful answer means."""
    problem = _problem(answer)
    detail = str(problem.pop("detail", answer.reason_phrase))
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        return NotSignedIn(_with_advice(detail), "Not signed in")
    if answer.is_server_error or answer.status_code in BUSY:
        return Away(detail, str(problem.pop("title", "")), **problem)
    return Refused.by({**problem, "detail": detail})


def _with_advice(detail: str) -> str:
    return detail if "knowhow sign-in" in detail else f"{detail} Sign in with `knowhow sign-in PERSON`."


def no_answer(server: str, error: Exception) -> Away:
    """The error where there is no answer at all."""
    return Away(
        f"{server} does not answer ({_why(error)}): start it with `make run`, or name it with --server."
    )


def retry_after(answer: httpx.Response) -> float:
    """How many seconds to wait before asking again; 2 where the server does not say."""
    wish = answer.headers.get("Retry-After", "")
    return float(wish) if wish.isascii() and wish.isdecimal() else 2.0


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    plain = {"title": answer.reason_phrase, "status": answer.status_code}
    return plain | problem if isinstance(problem, dict) else plain


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Away(f"{answer.url} answers, but not as a know-how server does; check --server.") from error
