"""Reading records never fails: what cannot be read says so."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import EVENTS
from shared.contracts.base import Said
from shared.contracts.discover import ItemCaptured, ItemWithdrawn
from shared.flow.announcement import Announcement
from shared.flow.hearing import Unreadable, cause_of, headers_of, read
from tests.support.builders import CAUSE, LATER, NOW, captured


@dataclass
class Heard:
    """A record as aiokafka hands it out."""

    value: bytes | None = b'{"item_id": "item-1", "version": 2}'
    headers: Any = ()
    key: bytes | None = b"item-1"
    topic: str = "knowhow.discover.items.v1"
    partition: int = 1
    offset: int = 7


def test_an_event_is_read_as_it_was_said() -> None:
    assert read(Heard(captured().model_dump_json().encode()), ItemCaptured) == captured()


def test_fields_that_one_does_not_know_are_ignored() -> None:
    heard = Heard(b'{"item_id": "item-1", "version": 2, "colour": "blue"}')

    assert read(heard, ItemWithdrawn) == ItemWithdrawn(item_id="item-1", version=2)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"item_id": 7, "version": 2}',
        b'{"item_id": "item-1", "version": "two"}',
        b'{"item_id": "item-1", "version": 1.5}',
        b'{"item_id": "item-1", "version": NaN}',
        b'{"item_id": null, "version": 2}',
        b'{"item_id": "\xff", "version": 2}',
        b'{"item_id": "\\ud800", "version": 2}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":' * 10_000,
    ],
)
def test_what_breaks_its_contract_is_refused_and_says_so(value: bytes | None) -> None:
    found = read(Heard(value), ItemWithdrawn)

    assert isinstance(found, Unreadable)
    assert str(found.why).startswith("Not a valid ItemWithdrawn: ")


def test_it_says_where_it_breaks_and_does_not_repeat_what_was_sent() -> None:
    found = read(Heard(b'{"item_id": "item-1", "version": "hunter2"}'), ItemWithdrawn)

    assert isinstance(found, Unreadable)
    assert "(at /version)" in str(found.why)
    assert "hunter2" not in str(found.why)


@given(st.binary() | st.none(), st.sampled_from(list(EVENTS.values())))
def test_any_bytes_are_read_or_unreadable(value: bytes | None, kind: type[Said]) -> None:
    assert isinstance(read(Heard(value), kind), Said | Unreadable)


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (None, {}),
        ((), {}),
        ([("ce_type", b"ItemShared")], {"ce_type": "ItemShared"}),
        ([("ce_type", None)], {"ce_type": ""}),
        ([("ce_type", b"\xff")], {"ce_type": "\ufffd"}),
        ([("a", b"1"), ("a", b"2")], {"a": "2"}),
    ],
)
def test_headers_are_text_whatever_they_are(headers: Any, text: dict[str, str]) -> None:
    assert headers_of(Heard(headers=headers)) == text


def test_a_cause_is_what_the_record_is_called() -> None:
    announced = Announcement.of(captured(), "items/item-1/1", CAUSE, NOW)

    cause = cause_of(announced.headers("discover"), Heard())

    assert (cause.id, cause.correlation, cause.traceparent) == (
        "items/item-1/1",
        CAUSE.correlation,
        CAUSE.traceparent,
    )
    assert cause.said_at == NOW


def test_a_record_without_a_name_is_called_by_its_place() -> None:
    cause = cause_of({}, Heard())

    assert cause.id == cause.correlation == "knowhow.discover.items.v1/1/7"
    assert cause.said_at is None


@pytest.mark.parametrize(
    "time",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "\x00",
    ],
)
def test_a_time_that_is_none_is_left_out(time: str) -> None:
    assert cause_of({"ce_time": time}, Heard()).said_at is None


@pytest.mark.parametrize(
    "time", ["2026-11-24T13:00:00Z", "2026-11-24T15:00:00+02:00", "2026-11-24T13:00:00.000999Z"]
)
def test_times_are_in_utc_and_whole_milliseconds(time: str) -> None:
    assert cause_of({"ce_time": time}, Heard()).said_at == LATER


@given(st.text())
def test_any_time_is_read_or_left_out(text: str) -> None:
    cause_of({"ce_time": text}, Heard())
