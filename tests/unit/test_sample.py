"""The sample is the first thing a newcomer sees, so its people, topics and stages must fit together."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from deploy.local.organisation import (
    Organisation,
    SampleItem,
    StageWanted,
    Subscription,
    read_item,
    read_organisation,
    within,
)
from deploy.local.tour import FLAGSHIP
from deploy.local.waiting import Unfinished, until
from services.discover.shown import WishedItem
from shared.contracts.base import Attribution, Kind, TrialOutcome
from shared.identity.people import Role
from shared.web.secrets import refuse_secrets

HOUSE = read_organisation()
ITEMS = [pytest.param(item, id=item.slug) for item in HOUSE.items]
PEOPLE = {person.id for person in HOUSE.people}
DEPARTMENTS = {person.department for person in HOUSE.people}


def vouchers(item: SampleItem) -> set[str]:
    worked = {who for who, tried in item.tried_by.items() if tried.outcome is TrialOutcome.WORKED}
    return worked | set(item.endorsed_by)


def named_in(item: SampleItem) -> set[str]:
    decisive = {item.by, item.nominated_by, item.decided_by} - {None}
    return {str(one) for one in decisive} | {*item.endorsed_by, *item.tried_by, *item.adopted_by}


def lets_through(subscription: Subscription, item: SampleItem) -> bool:
    by_topic = any(within(topic, above) for topic in item.topics for above in subscription.topics)
    return by_topic and not subscription.query and item.kind in (subscription.kinds or (item.kind,))


def test_every_kind_every_stage_and_every_attribution_occurs() -> None:
    assert {item.kind for item in HOUSE.items} == set(Kind)
    assert {item.stage_wanted for item in HOUSE.items} == set(get_args(StageWanted))
    assert {item.attribution for item in HOUSE.items} == set(Attribution)


def test_every_role_is_held_and_every_department_has_a_champion() -> None:
    champions = {person.department for person in HOUSE.people if Role.CHAMPION in person.roles}

    assert {role for person in HOUSE.people for role in person.roles} == set(Role)
    assert champions == DEPARTMENTS


def test_ids_titles_and_bodies_are_unique() -> None:
    assert len(PEOPLE) == len(HOUSE.people)
    assert len({item.title for item in HOUSE.items}) == len(HOUSE.items)
    assert len({item.body for item in HOUSE.items}) == len(HOUSE.items)


def test_curators_are_people_with_that_role_and_have_topics_of_their_own() -> None:
    curators = {person.id: person.name for person in HOUSE.people if Role.CURATOR in person.roles}
    topics = [topic for curator in HOUSE.curators for topic in curator.topics]

    assert {curator.person: curator.name for curator in HOUSE.curators} == curators
    assert len(topics) == len(set(topics))


def test_communities_have_members_who_exist() -> None:
    kinds = [community.kind for community in HOUSE.communities]

    assert sorted(kinds) == ["company_wide", "topic_focused", "topic_focused", "topic_focused"]
    assert all(set(community.members) <= PEOPLE for community in HOUSE.communities)


def test_every_department_follows_something_and_only_topics_that_occur() -> None:
    occurring = {topic for item in HOUSE.items for topic in item.topics}
    followed = {topic for subscription in HOUSE.subscriptions for topic in subscription.topics}

    assert {subscription.department for subscription in HOUSE.subscriptions} == DEPARTMENTS
    assert all(any(within(topic, above) for topic in occurring) for above in followed)


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_names_only_people_who_exist_and_nobody_vouches_for_their_own(item: SampleItem) -> None:
    others = {*item.endorsed_by, *item.tried_by, item.nominated_by, item.decided_by}

    assert named_in(item) <= PEOPLE
    assert item.by not in others


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_of_readable_length_and_has_a_topic_and_a_tool(item: SampleItem) -> None:
    assert 60 <= len(item.body.split()) <= 250
    assert item.topics
    assert item.tools


@pytest.mark.parametrize("item", ITEMS)
def test_a_prompt_spells_out_exactly_the_variables_of_its_body(item: SampleItem) -> None:
    in_body = set(re.findall(r"\$\{([^}]*)\}", item.body))

    assert {variable.name for variable in item.variables} == in_body
    assert bool(in_body) == (item.kind is Kind.PROMPT)


@pytest.mark.parametrize("item", ITEMS)
def test_only_a_failure_says_what_was_expected(item: SampleItem) -> None:
    assert bool(item.expected) == (item.kind is Kind.FAILURE)


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_for_review_is_nominated_by_two_people_or_by_a_champion_or_curator(item: SampleItem) -> None:
    enough = len(item.endorsed_by) >= 2 or item.nominated_by is not None

    assert enough == item.goes_to_review
    assert item.nominated_by is None or HOUSE.person(item.nominated_by).roles & {Role.CHAMPION, Role.CURATOR}


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_that_is_only_endorsed_is_one_voucher_short_of_a_nomination(item: SampleItem) -> None:
    expected = {"captured": 0, "endorsed": 1}.get(item.stage_wanted)

    assert expected is None or len(vouchers(item)) == expected


@pytest.mark.parametrize("item", ITEMS)
def test_a_decision_has_a_reason_and_a_curator_of_its_topics_who_took_no_side(item: SampleItem) -> None:
    decided = item.stage_wanted not in ("captured", "endorsed", "nominated")
    curators = [one for one in HOUSE.curators if one.covers(item.topics) and one.person != item.by]

    assert bool(item.decided_by) == bool(item.reason) == decided
    assert not decided or item.decided_by in {curator.person for curator in curators} - vouchers(item)
    assert curators or not item.goes_to_review


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_merged_into_one_that_is_published(item: SampleItem) -> None:
    assert bool(item.into) == (item.stage_wanted == "merged")
    assert item.into is None or HOUSE.item(item.into).stage_wanted in ("published", "adopted")


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_adopted_by_another_department_that_follows_it(item: SampleItem) -> None:
    followers = {one.department for one in HOUSE.subscriptions if lets_through(one, item)}
    adopters = {HOUSE.person(person).department for person in item.adopted_by}

    assert bool(item.adopted_by) == (item.stage_wanted == "adopted")
    assert adopters <= followers - {HOUSE.person(item.by).department}


def test_the_flagship_goes_all_the_way_round_on_two_endorsements() -> None:
    flagship = HOUSE.item(FLAGSHIP)

    assert flagship.stage_wanted == "adopted"
    assert len(flagship.endorsed_by) == 2
    assert all(adopted.learned for adopted in flagship.adopted_by.values())


def test_what_an_author_captures_leaves_out_what_others_do_later() -> None:
    captured = HOUSE.item(FLAGSHIP).content()

    assert captured.keys() == {
        *("kind", "title", "body", "topics", "tools", "attribution", "variables", "model", "sample_output")
    }


@pytest.mark.parametrize("item", ITEMS)
def test_discover_takes_every_item_and_finds_no_secret_in_it(item: SampleItem) -> None:
    wish = WishedItem.model_validate(item.content())

    refuse_secrets(wish.content().model_dump())


def test_reading_the_organisation_again_gives_an_equal_one() -> None:
    again: Organisation = read_organisation()

    assert again == HOUSE


def test_a_misspelt_field_in_an_item_is_named(tmp_path: Path) -> None:
    page = tmp_path / "an-item.md"
    page.write_text("---\ntitel: A title\n---\nA body.\n", "utf-8")

    with pytest.raises(ValidationError, match="titel"):
        read_item(page)


async def test_waiting_in_vain_ends_with_what_to_do() -> None:
    async def nothing() -> None:
        return None

    with pytest.raises(Unfinished, match=r"Sharing takes longer than .* `knowhow status`"):
        await until(nothing, "Sharing", patience=0)
