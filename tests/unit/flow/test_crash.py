"""Crash points cost nothing unless one is set, and the one that is set ends the process on the spot."""

import signal
import subprocess
import sys

import pytest

from shared.flow.crash import PLACES, arm, crash_point


def passes(setting: str, places: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """A process that is armed with a setting and comes to these places."""
    lines = ["from shared.flow.crash import arm, crash_point", f"arm({setting!r})"]
    lines += [f"crash_point({place!r}); print({place!r})" for place in places]
    return subprocess.run(  # noqa: S603 - our own interpreter.
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )


def test_a_process_dies_where_it_is_told_to() -> None:
    died = passes("after-store", ("before-store", "after-store", "after-done"))

    assert died.returncode == -signal.SIGKILL
    assert "after-done" not in died.stdout


def test_a_process_may_pass_the_place_some_times_before() -> None:
    assert passes("after-store:2", ("after-store",) * 2).returncode == 0
    assert passes("after-store:2", ("after-store",) * 3).returncode == -signal.SIGKILL


def test_nothing_happens_where_nothing_is_set() -> None:
    arm("")

    for place in PLACES:
        crash_point(place)


def test_a_place_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="before-store"):
        arm("somewhere")
