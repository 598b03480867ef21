"""People found communities, join them and leave them."""

import pytest

from services.share.domain.community import CommunityKind, Member
from services.share.steps.gather import (
    FoundCommunity,
    JoinCommunity,
    LeaveCommunity,
    found_community,
    join_community,
    leave_community,
)
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import community, moment, who

FOUND = FoundCommunity(
    community_id="finance", name="Finance", kind=CommunityKind.TOPIC_FOCUSED, topics=("finance",)
)
JOIN = JoinCommunity(community_id="finance", who=who())
LEAVE = LeaveCommunity(community_id="finance", who=who())
MEMBER = Member(community_id="finance", who=who())
LEFT = Member(community_id="finance", who=who(), left=True)


def test_a_community_is_founded_and_nothing_is_said() -> None:
    assert found_community(None, FOUND, moment()) == Outcome(community())


def test_founding_the_same_again_changes_nothing() -> None:
    assert found_community(community(), FOUND, moment()) == unchanged(community())


def test_another_community_of_the_same_name_is_refused() -> None:
    with pytest.raises(Refused, match="join it") as refused:
        found_community(community(topics=("sales",)), FOUND, moment())

    assert refused.value.status == 409


@pytest.mark.parametrize("member", [None, LEFT])
def test_somebody_joins_for_the_first_time_or_again(member: Member | None) -> None:
    assert join_community(member, JOIN, moment(community())) == Outcome(MEMBER)


def test_joining_twice_changes_nothing() -> None:
    assert join_community(MEMBER, JOIN, moment(community())) == unchanged(MEMBER)


def test_nobody_joins_what_is_not_there() -> None:
    with pytest.raises(Refused, match="no such community") as refused:
        join_community(None, JOIN, moment(None))

    assert refused.value.status == 404


@pytest.mark.parametrize("member", [MEMBER, LEFT])
def test_somebody_leaves_and_leaving_twice_changes_nothing(member: Member) -> None:
    assert leave_community(member, LEAVE, moment()) == Outcome(LEFT)


def test_leaving_where_one_never_was_changes_nothing() -> None:
    assert leave_community(None, LEAVE, moment()) == unchanged(None)
