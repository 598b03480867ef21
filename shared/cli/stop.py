"""How a command ends: the documented exit codes, and the errors that lead to them."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Code(IntEnum):
    """What a shell learns from a command; 2 is also what a mistyped option gives."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    NOT_SIGNED_IN = 3
    AWAY = 4
    INTERRUPTED = 130


class Stop(Exception):  # noqa: N818 - it ends a command, and need not be anybody's error.
    """The command cannot go on; `problem` is what to show (RFC 9457)."""

    code = Code.REFUSED

    def __init__(self, detail: str, title: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.problem: dict[str, Any] = {"title": title or self.code.name.replace("_", " ").capitalize()}
        self.problem |= {"detail": detail, **more}


class Refused(Stop):
    """The rules of the house, or of a file, say no."""

    @classmethod
    def by(cls, problem: Mapping[str, Any]) -> "Refused":
        """The refusal that a server's problem tells of."""
        rest = {name: value for name, value in problem.items() if name not in {"title", "detail"}}
        title = str(problem.get("title") or "Refused")
        return cls(str(problem.get("detail") or title), title, **rest)


class Usage(Stop):
    """The command was called in a way that makes no sense."""

    code = Code.USAGE


class NotSignedIn(Stop):
    """Nobody is signed in, or the sign-in has expired."""

    code = Code.NOT_SIGNED_IN


class Away(Stop):
    """The server does not answer, or cannot at the moment."""

    code = Code.AWAY
