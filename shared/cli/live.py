"""Reads a stream of server-sent events, and takes it up again when it breaks."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from shared.cli import show
from shared.cli.answers import failure, no_answer
from shared.cli.house import TIMEOUT, House
from shared.cli.stop import Away

PAUSE = 1.0
SILENCE = 60.0
"""Seconds without even a keep-alive after which a stream counts as broken."""


def arriving(house: House, path: str, name: str, missed: Callable[[], list[Any]]) -> Iterator[Any]:
    """What `missed` says is there, then the data of each event of this name; after each break the same from the start.

    The stream is opened before `missed` is asked, so that nothing falls between the two.

    Raises:
        Away: the server does not answer at the first attempt.
        Refused, NotSignedIn: it answers, but not with a stream.
    """
    answered = broken = False
    while True:
        try:
            with _opened(house, path) as stream:
                answered, broken = True, False
                yield from missed()
                yield from (json.loads(data) for event, data in events(stream.iter_lines()) if event == name)
        except (httpx.TransportError, Away) as error:
            if not answered:
                raise error if isinstance(error, Away) else no_answer(house.server, error) from error
        if not broken:
            show.note("The stream broke off; it is taken up again as soon as the server answers.")
        broken = True
        time.sleep(PAUSE)


@contextmanager
def _opened(house: House, path: str) -> Iterator[httpx.Response]:
    options = {**house.options(), "timeout": httpx.Timeout(TIMEOUT, read=SILENCE)}
    with httpx.Client(**options) as client, client.stream("GET", path) as stream:
        if not stream.is_success:
            stream.read()
            raise failure(stream)
        yield stream


def events(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The events in a stream as name and data (HTML Standard, section 9.2); comments are keep-alives."""
    name, data = "message", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data = "message", []
        elif field == "event":
            name = value.removeprefix(" ")
        elif field == "data":
            data.append(value.removeprefix(" "))
