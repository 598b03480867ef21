"""Named places where a test has the process die, so that no moment between two durable steps goes untried."""

import os
import signal
from typing import Final

PLACES: Final = (
    "before-store",
    "after-store",
    "before-announce",
    "before-acknowledged",
    "after-acknowledged",
    "after-done",
    "before-park",
    "after-park",
    "before-bookmark",
    "before-commit",
    "after-commit",
    "amid-announcing-again",
)
"""Before and after each durable write, announcement and commit."""


class _Fuse:
    place = ""
    left = 0


def arm(setting: str) -> None:
    """Die where `setting` says: a place, or a place and how often to pass it before, as `after-store:7`; nowhere when empty.

    Raises:
        ValueError: there is no such place.
    """
    place, _, times = setting.partition(":")
    if place and place not in PLACES:
        raise ValueError(f"KNOWHOW_CRASH_AT names no place to crash at; choose one of {', '.join(PLACES)}.")
    _Fuse.place, _Fuse.left = place, int(times or 0)


def crash_point(place: str) -> None:
    """Die here, as if killed, if this is the place; otherwise one comparison of two short strings."""
    if place != _Fuse.place:
        return
    if _Fuse.left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    _Fuse.left -= 1
