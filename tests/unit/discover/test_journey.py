"""The sentences in which a journey is told."""

from typing import Any

import pytest

from services.discover.domain.item import WAITING_FOR, Stage
from services.discover.domain.journey import SENTENCES, doer, in_general, tell
from services.discover.events import NOTED
from shared.contracts.base import TrialOutcome
from shared.contracts.codify import DecisionRefused
from shared.contracts.share import ItemEndorsed, ItemShared, ItemTried
from tests.support.builders import (
    adoption,
    amended,
    approved,
    captured,
    delivered,
    hidden_author,
    merged,
    rejected,
    retired,
    taken_back,
    who,
)

ENDORSED = ItemEndorsed(item_id="item-1", who=who(), comment="Saved an hour.")
TRIED = ItemTried(item_id="item-1", who=who(), outcome=TrialOutcome.PARTLY)


def test_every_event_that_discover_notes_has_a_sentence() -> None:
    assert set(SENTENCES) == set(NOTED)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (captured(), "Captured."),
        (captured(follows="item-0"), "Captured; it follows item-0."),
        (amended(), "Amended; this is version 2."),
        (ItemShared(item_id="item-1", version=1, communities=()), "Shared with everybody."),
        (ENDORSED, "Endorsed: “Saved an hour.”"),
        (TRIED, "Tried: partly."),
        (merged(), "Merged into item-1: “Clear.”"),
        (rejected(), "Rejected: “Clear.”"),
        (retired(), "Retired from the library: “Outdated.”"),
        (delivered(), "Delivered to sales: follows finance."),
        (adoption(note="Twice as fast."), "Sales tried it: worked: “Twice as fast.”"),
        (taken_back(), "Taken back from the communities."),
    ],
    ids=lambda said: type(said).__name__,
)
def test_what_happened_is_told_in_a_sentence(said: Any, sentence: str) -> None:
    assert tell(said) == sentence


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (captured(), "Anna"),
        (captured(author=hidden_author()), "Amber Heron 42"),
        (ENDORSED, "Ben"),
        (TRIED, "Ben"),
        (approved(), "Cora"),
        (rejected(), "Cora"),
        (adoption(), "Ben"),
        (delivered(), None),
        (DecisionRefused(item_id="item-1", sub="cora", why="The review is not open."), None),
    ],
    ids=lambda said: type(said).__name__,
)
def test_who_did_it_is_told_as_far_as_everybody_may_know(said: Any, name: str | None) -> None:
    assert doer(said) == name


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("ItemEndorsed", "Item endorsed."),
        ("ItemTakenBack", "Item taken back."),
        ("ChangesRequested", "Changes requested."),
    ],
)
def test_what_happened_is_told_in_general_by_the_name_of_the_event(kind: str, told: str) -> None:
    assert in_general(kind) == told


def test_every_stage_tells_whom_it_waits_for() -> None:
    assert set(WAITING_FOR) == set(Stage)


@pytest.mark.parametrize("stage", [Stage.CHANGES_REQUESTED, Stage.REJECTED])
def test_an_author_whose_item_came_back_is_told_what_to_do(stage: Stage) -> None:
    assert "`knowhow amend ITEM`" in WAITING_FOR[stage]
