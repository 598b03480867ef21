"""I6 turns red for every publication that does not rest on the right decision."""

from typing import Any

import pytest

from shared.contracts.codify import EntryPublished
from shared.identity.signatures import new_key
from tests.chaos.finding import Finding
from tests.chaos.history import Outcome
from tests.chaos.oracle_decisions import decided_by_curators
from tests.support import builders
from tests.support.chaos_evidence import (
    CONTENT,
    OTTO,
    SHA,
    act,
    decided,
    document,
    entry,
    evidence,
    published,
)
from tests.support.topics import Raw


def judged(
    decision: Raw, said: EntryPublished | None = None, author: str = "yuki", **capture: Any
) -> Finding:
    nominated = builders.nominated(content=CONTENT, content_sha256=SHA)
    documents = {
        ("share", "items"): [document("item-1", {}, nominated)],
        ("codify", "entries"): [entry(said or published())],
    }
    captured = act("capture", "n1", author, **capture)
    return decided_by_curators(evidence(documents, captured, decisions=(decision,)))


def test_an_approval_of_what_was_nominated_holds() -> None:
    assert judged(decided()).wrong == []


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "reject"},
        {"decision": "request_changes"},
        {"decision": "merge", "into": "item-2"},
        {"version": 2},
        {"content_sha256": "f" * 64},
        {"aud": "somebody else"},
    ],
)
def test_a_publication_that_rests_on_another_decision_is_seen(changes: dict[str, Any]) -> None:
    assert not judged(decided(**changes)).holds


def test_a_publication_that_a_stranger_signed_is_seen() -> None:
    assert judged(decided(new_key("gateway"))).wrong == ["item-1:1: it has no verified decision"]


def test_a_publication_of_another_content_is_seen() -> None:
    other = published(content=builders.content(title="n1 ledger", body="Something else."))

    assert not judged(decided(), other).holds


def test_an_author_who_decides_is_seen_though_the_capture_was_never_answered() -> None:
    assert not judged(decided(), author="otto", outcome=Outcome.UNKNOWN).holds


def test_a_curator_without_the_say_is_seen() -> None:
    other = published(approved_by=OTTO.model_copy(update={"id": "noor"}))

    assert not judged(decided(sub="noor"), other).holds


def test_a_merge_holds_for_the_entry_that_it_names_and_for_no_other() -> None:
    merged = builders.content(title="n2 ledger", body=f"n2\n\n## n1 ledger\n\n{CONTENT.body}")
    into = published(entry_id="item-2", item_id="item-2", content=merged)

    assert judged(decided(decision="merge", into="item-2"), into).wrong == []
    assert not judged(decided(decision="merge", into="item-3"), into).holds
