"""Announcements are CloudEvents 1.0 in the binary mode of the Kafka protocol binding."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from shared.contracts import EVENTS
from shared.contracts.asyncapi import HEADERS
from shared.contracts.base import Said
from shared.flow.announcement import Announcement, Cause
from shared.flow.hearing import cause_of, headers_of
from tests.support.builders import captured, delivered
from tests.support.contracts import golden

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CAUSE = Cause("items/one/1", "story-1", TRACE)


@dataclass
class Heard:
    """An announcement as an ear gets it."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Any
    partition: int = 0
    offset: int = 0


def over_kafka(said: Announcement) -> Heard:
    headers = [(name, value.encode()) for name, value in said.headers("discover").items()]
    return Heard(said.topic, said.key.encode(), said.value.encode(), headers)


def announced(said: Said, cause: Cause = CAUSE, now: datetime = NOW) -> Announcement:
    return Announcement.of(said, "items/one/2", cause, now)


@pytest.fixture(params=EVENTS)
def announcement(request: pytest.FixtureRequest) -> Announcement:
    kind = EVENTS[request.param]
    return announced(kind.model_validate_json(json.dumps(golden(request.param, "sample"))))


def test_the_attributes_that_cloudevents_requires_are_there(announcement: Announcement) -> None:
    headers = announcement.headers("share")

    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_id"] == "items/one/2"
    assert EVENTS[headers["ce_type"]].topic == announcement.topic
    assert urlsplit(headers["ce_source"]).path == "/share"


def test_the_content_type_is_the_datas_own(announcement: Announcement) -> None:
    headers = announcement.headers("share")

    assert headers["content-type"] == "application/json"
    assert not {name for name in headers if name.startswith("ce_datacontent")}


def test_the_value_is_the_data_and_nothing_else(announcement: Announcement) -> None:
    assert json.loads(announcement.value) == golden(announcement.type, "sample")


def test_every_attribute_has_a_lawful_name_and_says_something(announcement: Announcement) -> None:
    headers = announcement.headers("share")

    attributes = [name.removeprefix("ce_") for name in headers if name.startswith("ce_")]
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in attributes)
    assert all(headers.values())


def test_all_headers_are_as_the_asyncapi_document_describes_them(announcement: Announcement) -> None:
    headers = announcement.headers("share")

    assert headers.keys() <= HEADERS["properties"].keys()
    jsonschema_rs.Draft7Validator(HEADERS, validate_formats=True).validate(headers)


def test_the_subject_is_the_item_whatever_the_key_is() -> None:
    announcement = announced(delivered())

    assert announcement.headers("spread")["ce_subject"] == "item-1"
    assert announcement.key == "sales"


@pytest.mark.parametrize("hours", [0, 5.5, -8])
def test_the_time_is_a_moment_anywhere_on_earth(hours: float) -> None:
    now = NOW.astimezone(timezone(timedelta(hours=hours)))

    told = announced(captured(), now=now).headers("discover")["ce_time"]

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", told)
    assert datetime.fromisoformat(told) == NOW


def test_a_story_and_its_trace_are_passed_on() -> None:
    headers = announced(captured()).headers("discover")

    assert (headers["causationid"], headers["correlationid"]) == ("items/one/1", "story-1")
    assert headers["traceparent"] == TRACE


def test_no_header_is_empty_where_there_is_no_trace() -> None:
    headers = announced(captured(), Cause.request()).headers("discover")

    assert "traceparent" not in headers


def test_what_is_said_because_of_a_record_names_it_as_its_cause() -> None:
    first = announced(captured())

    heard = over_kafka(first)
    cause = cause_of(headers_of(heard), heard)

    assert cause == Cause("items/one/2", "story-1", TRACE, NOW)
    assert announced(captured(), cause).correlation == first.correlation
