"""I7 and I8 turn red for a letter too many or too few, and for whatever still waits."""

from typing import Any

import pytest

from tests.chaos.finding import Finding
from tests.chaos.oracle_safety import nothing_waits, poison_is_parked
from tests.chaos.planted import HEADER
from tests.chaos.poison import STEP_RAISES, Poison
from tests.support.chaos_evidence import document, evidence
from tests.support.topics import Raw

RAISES = Poison("p1", STEP_RAISES, "knowhow.discover.items.v1", Raw(b""), frozenset({"share"}))


def parked(*names: str | None, left: int = 0, heard_after_all: bool = True) -> Finding:
    """What the oracle says of letters with these names; None is a sound message."""
    states: list[dict[str, Any]] = [
        {"headers": [[HEADER, name.encode()]] if name else [], "reason": "It raises."} for name in names
    ]
    documents = {
        ("share", "dead_letters"): [document(f"l{n}", state) for n, state in enumerate(states)],
        ("share", "items"): [document("chaos-p1", {})] if heard_after_all else [],
    }
    return poison_is_parked(evidence(documents, poison=(RAISES,), left_after_mend=left))


def test_one_letter_for_each_poison_and_an_empty_list_hold() -> None:
    assert parked("p1").holds


@pytest.mark.parametrize("names", [(), ("p1", "p1"), ("p1", "p2"), ("p1", None)])
def test_letters_too_many_or_too_few_are_seen(names: tuple[str | None, ...]) -> None:
    assert not parked(*names).holds


def test_letters_that_are_left_or_came_to_nothing_are_seen() -> None:
    assert not parked("p1", left=1).holds
    assert not parked("p1", left=-1).holds
    assert not parked("p1", heard_after_all=False).holds


@pytest.mark.parametrize(("lag", "pending"), [(0, 0), (1, 0), (0, 1)])
def test_whatever_waits_is_seen(lag: int, pending: int) -> None:
    none = dict.fromkeys(("discover", "share", "codify", "spread"), 0)
    there = evidence({}, lag=none | {"spread": lag}, pending=none | {"share": pending})

    assert nothing_waits(there).holds == (not lag and not pending)
