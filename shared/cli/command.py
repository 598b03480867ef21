"""Turns a function that works on a House into a command, so that every command has the same options and exits."""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House
from shared.cli.stop import Stop

DEFAULT_SERVER = "http://127.0.0.1:8080"

Server = Annotated[
    str, typer.Option("--server", envvar="KNOWHOW_SERVER", metavar="URL", help="Where the house is.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON document, or one on each line.")]


def asking(work: Callable[..., None]) -> Callable[..., None]:
    """The function as a command: --server and --json become its House, and a Stop its exit code."""

    @functools.wraps(work)
    def command(*, server: str, as_json: bool, **rest: Any) -> None:
        with _exits(as_json=as_json):
            work(House(server.rstrip("/"), as_json), **rest)

    parameters = [*_own(work), *_SHARED]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


@contextmanager
def _exits(*, as_json: bool) -> Iterator[None]:
    try:
        yield
    except Stop as stop:
        show.problem(stop.problem, as_json=as_json)
        raise typer.Exit(stop.code) from stop


def _own(work: Callable[..., None]) -> list[inspect.Parameter]:
    _house, *rest = inspect.signature(work).parameters.values()
    return [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in rest]


def _shared(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


_SHARED = (_shared("server", Server, DEFAULT_SERVER), _shared("as_json", AsJson, False))
