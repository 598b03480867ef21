"""Who may watch a stream, and until when: there is room for so many, and a token that expires ends its stream."""

import math
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from shared.flow.errors import Passing
from shared.identity.tokens import Tokens
from shared.web.live import stopping
from shared.web.signed_in import bearer_of

MOST = 200
"""Streams that a service keeps open at once: each asks the database four times a second, and so many of them took a third
of a core of the service and as much of the database while nothing moved."""


class Places:
    """Room for so many watchers."""

    def __init__(self, most: int = MOST) -> None:
        self._free = most

    @contextmanager
    def one(self) -> Iterator[None]:
        """Keep one place until the block ends.

        Raises:
            Passing: all are taken.
        """
        if not self._free:
            raise Passing(
                "As many people watch this as there is room for; what happened can be read meanwhile."
            )
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def _ends(request: Request) -> AsyncIterator[Callable[[], bool]]:
    tokens: Tokens = request.app.state.tokens
    bearer = bearer_of(request)
    end = time.monotonic() + (await tokens.lasts(bearer) if bearer else math.inf)
    places: Places = request.app.state.places
    with places.one():
        yield lambda: stopping() or time.monotonic() >= end


Ends = Annotated[Callable[[], bool], Depends(_ends)]
"""Keeps a place for as long as the stream is open, and tells when it must end."""
