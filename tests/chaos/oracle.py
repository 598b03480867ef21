"""Judges a run: all eight invariants, each from the evidence alone."""

from collections.abc import Callable
from typing import Final

from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.oracle_decisions import decided_by_curators
from tests.chaos.oracle_histories import histories_without_gaps, legal_transitions
from tests.chaos.oracle_items import each_item_once
from tests.chaos.oracle_safety import nothing_waits, poison_is_parked
from tests.chaos.oracle_spread import delivered_as_followed, index_is_the_library

INVARIANTS: Final[tuple[Callable[[Evidence], Finding], ...]] = (
    each_item_once,
    legal_transitions,
    histories_without_gaps,
    delivered_as_followed,
    index_is_the_library,
    decided_by_curators,
    poison_is_parked,
    nothing_waits,
)


def judge(evidence: Evidence) -> list[Finding]:
    """One finding for each invariant, in their order."""
    return [invariant(evidence) for invariant in INVARIANTS]
