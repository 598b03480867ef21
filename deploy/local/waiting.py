"""The one place where furnishing waits, so that every wait has an end and says what it waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")

_PATIENCE: Final = 20.0
_BETWEEN_LOOKS: Final = 0.05


class Unfinished(Exception):  # noqa: N818 - it says how things stand, as Refused and Passing do.
    """The sample could not be furnished to its end; its text tells the newcomer what to do."""


async def until(look: Callable[[], Awaitable[T | None]], awaited: str, patience: float = _PATIENCE) -> T:
    """Look every 50 milliseconds until what is seen is true, and give it back.

    Raises:
        Unfinished: it was not within the given seconds.
    """
    deadline = time.monotonic() + patience
    while not (seen := await look()):
        if time.monotonic() > deadline:
            raise Unfinished(_too_long(awaited, patience))
        await asyncio.sleep(_BETWEEN_LOOKS)
    return seen


def _too_long(awaited: str, patience: float) -> str:
    return (
        f"{awaited} takes longer than {patience:.0f} seconds: see with `knowhow status` which service is behind, "
        "then start again, which goes on from here."
    )
