"""An announcement on the wire: CloudEvents in the Kafka protocol's binary mode."""

import json

import pytest

from shared.contracts import EVENTS
from shared.contracts.base import Said
from shared.contracts.codify import DECISIONS, REVIEWS
from shared.flow.announcement import Announcement, Cause
from tests.support.builders import CAUSE, NOW, adoption, captured, delivered, merged, published, retired

SAID = Announcement.of(captured(), "items/item-1/1", CAUSE, NOW)


def test_an_announcement_has_all_headers_of_a_cloud_event() -> None:
    assert SAID.headers("discover") == {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": "items/item-1/1",
        "ce_type": "ItemCaptured",
        "ce_source": "/discover",
        "ce_subject": "item-1",
        "ce_time": "2026-11-24T12:00:00.000+00:00",
        "correlationid": "story-1",
        "causationid": "cause-1",
        "traceparent": "00-trace-01",
    }


def test_an_attribute_without_a_value_is_left_out() -> None:
    said = Announcement.of(captured(), "items/item-1/1", Cause("c", "c"), NOW)

    assert "traceparent" not in said.headers("discover")


def test_its_value_is_the_event_in_json() -> None:
    assert json.loads(SAID.value) == captured().model_dump(mode="json")


def test_it_comes_out_of_a_history_as_it_went_in() -> None:
    assert Announcement.loaded(SAID.stored()) == SAID


@pytest.mark.parametrize(
    ("said", "key", "subject"),
    [
        (captured(), "item-1", "item-1"),
        (merged(), "item-2", "item-2"),
        (published(entry_id="e"), "e", "item-1"),
        (retired(), "item-1", "item-1"),
        (delivered(), "sales", "item-1"),
        (adoption(entry_id="e"), "e", "item-1"),
    ],
    ids=lambda said: type(said).__name__,
)
def test_it_is_in_order_with_its_aggregate_and_followed_by_its_item(
    said: Said, key: str, subject: str
) -> None:
    announced = Announcement.of(said, "n", CAUSE, NOW)

    assert (announced.key, announced.subject, announced.topic) == (key, subject, said.topic)


def test_a_request_begins_a_story_of_its_own() -> None:
    one, other = Cause.request("00-trace"), Cause.request()

    assert one.id == one.correlation != other.id
    assert (one.traceparent, one.said_at) == ("00-trace", None)


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_every_event_has_a_topic_named_after_its_service_and_aggregate(kind: type[Said]) -> None:
    service = kind.__module__.rsplit(".", 1)[-1]

    assert kind.topic.split(".")[:2] == ["knowhow", service]
    assert kind.topic.endswith(".v1")


def test_commands_and_facts_are_apart() -> None:
    assert [kind.__name__ for kind in EVENTS.values() if kind.topic == DECISIONS] == ["DecideReview"]
    assert DECISIONS != REVIEWS
