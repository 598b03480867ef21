"""Topics and rights come from the contracts and the services' tables."""

import pytest

from deploy.topics.settings import TopicSettings
from deploy.topics.wanted import DECISIONS, Access, Operation, Resource, accesses, topics
from shared.contracts import EVENTS
from shared.flow.kafka import LARGEST_REQUEST

SETTINGS = TopicSettings(topics_partitions=7, topics_retention_days=2, topics_dead_retention_days=-1)


def rights(user: str, settings: TopicSettings = SETTINGS) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in accesses(settings):
        if one.user == user:
            found.setdefault((one.resource, one.operation), set()).add(one.name)
    return found


def writers(settings: TopicSettings = SETTINGS) -> set[str]:
    return {
        one.user for one in accesses(settings) if (one.name, one.operation) == (DECISIONS, Operation.WRITE)
    }


def test_every_topic_of_the_contracts_is_wanted_once() -> None:
    names = [topic.name for topic in topics(SETTINGS)]

    assert {kind.topic for kind in EVENTS.values()} <= set(names)
    assert len(names) == len(set(names))


def test_each_who_hears_a_topic_has_a_place_for_its_dead_letters() -> None:
    names = {topic.name for topic in topics(SETTINGS)}

    assert "knowhow.discover.items.v1.dead.share" in names
    assert "knowhow.discover.items.v1.dead.codify" not in names


def test_dead_letters_are_kept_longer() -> None:
    kept = {topic.name: topic.configs["retention.ms"] for topic in topics(SETTINGS)}

    assert kept["knowhow.discover.items.v1"] == str(2 * 24 * 3600 * 1000)
    assert kept["knowhow.discover.items.v1.dead.share"] == "-1"


def test_the_broker_takes_whatever_a_service_may_send() -> None:
    assert {topic.configs["max.message.bytes"] for topic in topics(SETTINGS)} == {str(LARGEST_REQUEST)}


def test_codify_alone_writes_decisions_unless_curators_are_named() -> None:
    assert writers() == {"knowhow-codify"}
    assert writers(TopicSettings(topics_curators="ada, tom")) == {"knowhow-codify", "ada", "tom"}


def test_a_curator_s_tool_can_do_nothing_else() -> None:
    named = TopicSettings(topics_curators="ada")

    assert [one for one in accesses(named) if one.user == "ada"] == [
        Access("ada", Resource.TOPIC, DECISIONS, Operation.WRITE)
    ]


def test_a_service_reads_what_it_hears_in_its_group_and_writes_what_it_says_and_may_look_at_that_again() -> (
    None
):
    share = rights("knowhow-share")
    reads, writes = share[Resource.TOPIC, Operation.READ], share[Resource.TOPIC, Operation.WRITE]
    hears = {topic for topic in reads if f"{topic}.dead.share" in writes}

    assert share[Resource.GROUP, Operation.READ] == {"knowhow.share"}
    assert "knowhow.discover.items.v1" in hears
    assert writes == {
        "knowhow.share.items.v1",
        "knowhow.share.reactions.v1",
        *(f"{heard}.dead.share" for heard in hears),
    }
    assert reads == hears | writes


def test_users_come_with_passwords_that_may_hold_anything_but_a_comma() -> None:
    settings = TopicSettings.model_validate({"topics_users": "a=1=2, b=3"})

    assert settings.passwords == {"a": "1=2", "b": "3"}
    assert settings.checks_users


@pytest.mark.parametrize("users", ["a", "a=", "=b", "a=1,b"])
def test_a_user_without_a_password_is_refused(users: str) -> None:
    with pytest.raises(ValueError, match="user=password"):
        TopicSettings.model_validate({"topics_users": users})
