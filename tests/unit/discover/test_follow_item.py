"""Discover hears where its items are: by version and stage, never by the clock."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.discover.domain.item import Stage
from services.discover.domain.journey import STAGES
from services.discover.steps.follow_item import follow_item, note_event
from shared.contracts.codify import ReviewOpened
from shared.contracts.share import ItemShared
from shared.flow.step import Moment, unchanged
from tests.support.builders import (
    LATER,
    NOW,
    SHA,
    adoption,
    amended,
    approved,
    captured,
    delivered,
    item,
    moment,
    nominated,
    published,
    rejected,
    retired,
    revised,
    taken_back,
)

SHARED = ItemShared(item_id="item-1", version=1, communities=("Finance",))
OPENED = ReviewOpened(item_id="item-1", version=1, content_sha256=SHA)
ROUND = (SHARED, nominated(), OPENED, approved(), published(), delivered(), adoption())


def followed(*news: Any, start: Any = None) -> Any:
    known = start or item()
    for one in news:
        known = follow_item(known, one, moment(at=LATER)).state
    return known


def test_an_item_moves_with_what_is_said_of_it() -> None:
    stages = [followed(*ROUND[:n]).stage for n in range(1, len(ROUND) + 1)]

    assert [str(stage) for stage in stages] == [
        "shared",
        "nominated",
        "nominated",
        "approved",
        "published",
        "delivered",
        "adopted",
    ]


def test_nothing_is_said_of_it() -> None:
    assert not follow_item(item(), SHARED, moment()).says


def test_news_in_any_order_lead_to_the_same_stage() -> None:
    reached = {followed(*news).stage for news in permutations(ROUND[2:])}

    assert reached == {Stage.ADOPTED}


def test_the_clock_does_not_decide() -> None:
    early = Moment(NOW, "item-1", NOW - timedelta(days=9))
    known = followed(approved())

    assert follow_item(known, published(), early).state == item(stage="published", since=early.said_at)
    assert follow_item(known, SHARED, moment(at=LATER)) == unchanged(known)


def test_the_stage_counts_from_when_it_was_said_and_not_from_when_it_was_heard() -> None:
    heard_late = Moment(LATER, "item-1", NOW)

    assert follow_item(item(), SHARED, heard_late).state == item(stage="shared", since=NOW)


@pytest.mark.parametrize("news", [*ROUND, rejected(), retired()], ids=lambda news: type(news).__name__)
def test_news_of_an_older_version_move_nothing(news: Any) -> None:
    known = item(version=2)

    assert follow_item(known, news, moment()) == unchanged(known)


@pytest.mark.parametrize("news", [*ROUND, rejected(), retired()], ids=lambda news: type(news).__name__)
def test_a_withdrawn_item_stays_withdrawn(news: Any) -> None:
    gone = item(version=2, stage="withdrawn")

    assert follow_item(gone, news, moment()) == unchanged(gone)


def test_an_entrys_own_version_is_not_taken_for_the_items() -> None:
    assert followed(published(version=7, item_version=1), start=item(version=2)).stage is Stage.CAPTURED


def test_an_amended_item_is_followed_anew() -> None:
    known = item(version=2)

    assert followed(revised(), start=known).stage is Stage.SHARED


@pytest.mark.parametrize("news", [captured(), amended(), taken_back()], ids=lambda news: type(news).__name__)
def test_what_discover_knows_itself_moves_no_item(news: Any) -> None:
    known = item(stage="nominated")

    assert follow_item(known, news, moment()) == unchanged(known)


def test_news_of_an_unknown_item_are_let_pass() -> None:
    assert follow_item(None, SHARED, moment()) == unchanged(None)


@given(st.permutations(list(Stage)))
def test_an_item_never_goes_back(stages: list[Stage]) -> None:
    known, ranks = item(), []
    for stage in stages:
        known = known.reached(1, stage, LATER)
        ranks.append(known.stage.rank)

    assert ranks == sorted(ranks)


def test_every_stage_after_the_first_is_reached_by_some_news_or_by_the_author() -> None:
    assert {*STAGES.values(), Stage.CAPTURED, Stage.WITHDRAWN} == set(Stage)


def test_what_happened_is_noted_with_its_time_and_its_service() -> None:
    noted = note_event(None, SHARED, Moment(LATER, "n", NOW)).state

    assert noted is not None
    assert (noted.item_id, noted.at, noted.service, noted.type) == ("item-1", NOW, "share", "ItemShared")
    assert noted.what == "Shared with Finance."


def test_what_was_noted_is_not_noted_again() -> None:
    noted = note_event(None, SHARED, moment()).state

    assert note_event(noted, SHARED, moment(at=LATER)) == unchanged(noted)
