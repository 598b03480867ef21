"""I2 and I3 turn red where documents and topics tell different stories."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.codify import EntryRevised
from tests.chaos.evidence import Evidence
from tests.chaos.oracle_histories import histories_without_gaps, legal_transitions
from tests.support.chaos_evidence import document, evidence, published, records
from tests.support.topics import Raw

ENTRIES = "knowhow.codify.entries.v1"
REVISED = EntryRevised.model_validate(published().model_dump() | {"version": 2})


def library(state_version: int = 2) -> dict[str, Any]:
    """An entry in its second version."""
    return document("item-1", {"version": state_version}, published(), REVISED, collection="entries")


def told(entry: dict[str, Any], said: Sequence[Raw], topic: str = ENTRIES) -> Evidence:
    """Evidence of this entry, and of these records on a topic."""
    return evidence({("codify", "entries"): [entry]}, topics={ENTRIES: [], topic: said})


def both(there: Evidence) -> tuple[bool, bool]:
    """Whether I2 and I3 hold."""
    return legal_transitions(there).holds, histories_without_gaps(there).holds


def test_a_history_that_is_on_its_topic_holds_also_when_it_was_said_again() -> None:
    said = records("codify", library())

    assert both(told(library(), [*said, *said])) == (True, True)


def test_a_step_that_must_not_follow_is_seen() -> None:
    entry = library()
    entry["history"].reverse()

    assert not legal_transitions(told(entry, records("codify", library()))).holds


def test_a_version_that_is_not_the_last_number_is_seen() -> None:
    assert both(told(library(state_version=3), records("codify", library()))) == (False, True)


@pytest.mark.parametrize("place", [0, 1])
def test_a_record_that_says_something_else_than_its_document_is_seen(place: int) -> None:
    said = records("codify", library())
    said[place] = Raw(b"{}", said[place].headers)

    assert both(told(library(), said)) == (False, True)


def test_a_record_that_is_missing_or_belongs_to_nobody_is_seen() -> None:
    said = records("codify", library())
    strange = records("codify", document("item-9", {}, published(), collection="entries"))

    assert not histories_without_gaps(told(library(), said[:1])).holds
    assert not histories_without_gaps(told(library(), [*said, *strange])).holds


def test_records_in_another_order_or_on_another_topic_are_seen() -> None:
    said = records("codify", library())

    assert not histories_without_gaps(told(library(), said[::-1])).holds
    assert not histories_without_gaps(told(library(), said, "knowhow.codify.reviews.v1")).holds


def test_a_gap_in_a_history_is_seen() -> None:
    entry = library()
    del entry["history"][0]

    assert not histories_without_gaps(told(entry, records("codify", entry))).holds
