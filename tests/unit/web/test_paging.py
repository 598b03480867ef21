"""Pages of a list: opaque cursors, and the Link header."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from shared.flow.step import Refused
from shared.storage.document import Document
from shared.storage.documents import Page
from shared.web.paging import Listing, decode, encode, listing
from tests.support.builders import NOW


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def shown(after: tuple[Any, str] | None, query: bytes = b"topic=finance") -> tuple[Listing[str], Response]:
    asked = {"type": "http", "method": "GET", "path": "/share/items", "query_string": query, "headers": []}
    request, response = Request(asked | {"server": ("house.example", 443), "scheme": "https"}), Response()
    page: Page[Any] = Page([Document("a"), Document("b")], after)
    return listing(page, lambda document: document.id, request, response), response


@pytest.mark.parametrize(
    "after",
    [("a", "a"), ("", "b"), (7, "c"), (NOW, "item-1"), ("ü/+?&=", "漢")],
)
def test_a_page_is_continued_where_it_ended(after: tuple[Any, str]) -> None:
    assert decode(encode(after)) == after


@given(st.text() | st.integers(-(2**63), 2**63 - 1) | st.datetimes(timezones=st.just(UTC)), st.text())
def test_a_cursor_comes_back_as_it_was(value: Any, key: str) -> None:
    assert decode(encode((value, key))) == (value, key)


def test_a_cursor_can_stand_in_an_address() -> None:
    assert set(encode(("?&/+ü", "x"))) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
    )


@pytest.mark.parametrize("cursor", [None, ""])
def test_without_a_cursor_a_list_begins_at_the_beginning(cursor: str | None) -> None:
    assert decode(cursor) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "====",
        "\ufffd",
        packed([]),
        packed({}),
        packed("tvx"[:2]),
        packed(7),
        packed(None),
        packed(["t", "yesterday", "x"]),
        packed(["t", 7, "x"]),
        packed(["v", "a", "b", "c"]),
        base64.urlsafe_b64encode(b"\xff").decode(),
    ],
)
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Refused, match="unchanged") as refused:
        decode(cursor)

    assert refused.value.status == 422


@pytest.mark.parametrize(
    "forged",
    [
        ["v", {"$foo": 1}, "x"],
        ["v", ["a"], "x"],
        ["v", 10**30, "x"],
        ["v", "\ud800", "x"],
        ["v", "a", "\ud800"],
        ["t", "9999-12-31T23:59:59-23:59", "x"],
    ],
)
def test_a_forged_cursor_is_refused(forged: list[Any]) -> None:
    with pytest.raises(Refused):
        decode(packed(forged))


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(Refused):
        decode(text)


def test_a_page_links_to_the_next_one_with_the_same_conditions() -> None:
    found, response = shown(("b", "b"))

    assert found == Listing(items=["a", "b"], next=encode(("b", "b")))
    link = response.headers["Link"]
    assert link.startswith("<https://house.example/share/items?topic=finance&cursor=")
    assert link.endswith('>; rel="next"')


def test_a_page_replaces_the_cursor_that_led_to_it() -> None:
    _, response = shown(("b", "b"), f"cursor={encode(('a', 'a'))}".encode())

    assert response.headers["Link"].count("cursor=") == 1


def test_the_last_page_links_to_none() -> None:
    found, response = shown(None)

    assert found.next is None
    assert "Link" not in response.headers


def test_moments_in_other_zones_are_the_same_moments() -> None:
    berlin = datetime(2026, 11, 24, 13, tzinfo=timezone(timedelta(hours=1)))

    assert decode(encode((berlin, "x"))) == (NOW, "x")
