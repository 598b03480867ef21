"""A department's feed in the formats that readers know."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.spread.domain.feed import OPENING
from services.spread.feeds import ATOM, atom_feed, feed_item, json_feed
from shared.web.text import plain
from tests.support.builders import LATER, content, delivery, kept

BASE = "https://house.example/"
ADDRESS = f"{BASE}codify/entries/item-1/versions/1"


def item_of(known: Any = None, retired: frozenset[str] = frozenset()) -> dict[str, Any]:
    return feed_item(kept(known or delivery()), BASE, set(retired))


def atom_of(*known: Any, retired: Collection[str] = ()) -> Element:
    return fromstring(atom_feed("sales", [kept(one) for one in known], BASE, retired))  # noqa: S314 - it is our own.


def text_of(element: Element, *path: str) -> str | None:
    return element.findtext("/".join(f"{{{ATOM}}}{name}" for name in path))


def is_plain(text: str) -> bool:
    try:
        return bool(plain(text))
    except ValueError:
        return False


def test_a_json_feed_has_all_that_version_1_1_requires() -> None:
    feed = json_feed("sales", [item_of()], BASE, None)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Know-how for sales"
    assert feed["feed_url"] == f"{BASE}spread/feeds/sales.json"
    assert json.loads(json.dumps(feed)) == feed
    assert "next_url" not in feed


def test_older_items_follow_behind_a_link() -> None:
    assert json_feed("sales", [], BASE, "https://house.example/next")["next_url"].endswith("/next")


def test_an_item_is_named_by_entry_and_version() -> None:
    assert item_of()["id"] == "item-1:1"
    assert item_of(delivery(version=2))["id"] == "item-1:2"


def test_an_item_of_a_json_feed_says_what_and_why() -> None:
    item = item_of()

    assert (item["url"], item["title"], item["content_text"]) == (ADDRESS, "Plain words", "Say it plainly.")
    assert datetime.fromisoformat(item["date_published"]) == LATER
    assert item["authors"] == [{"name": "Anna"}]
    assert item["tags"] == ["prompt", "finance/tax"]
    assert item["_knowhow"]["because"] == ["follows finance"]


def test_a_retired_entry_is_marked_as_such() -> None:
    assert item_of(retired=frozenset({"item-1"}))["title"] == "Retired: Plain words"
    assert item_of(retired=frozenset({"item-1"}))["_knowhow"]["retired"]
    assert not item_of(retired=frozenset({"item-2"}))["_knowhow"]["retired"]


def test_a_retired_entry_says_so_in_atom_where_readers_look() -> None:
    assert text_of(atom_of(delivery(), retired={"item-1"}), "entry", "title") == "Retired: Plain words"
    assert text_of(atom_of(delivery(), retired={"item-2"}), "entry", "title") == "Plain words"


def test_a_long_body_is_cut_in_both_formats() -> None:
    known = delivery(content=content(body="x" * 10_000))

    assert len(item_of(known)["content_text"]) == OPENING
    assert str(text_of(atom_of(known), "entry", "summary")).count("x") == OPENING


def test_an_atom_feed_has_all_that_rfc_4287_requires() -> None:
    feed = atom_of(delivery())

    assert feed.tag == f"{{{ATOM}}}feed"
    assert text_of(feed, "id") == f"{BASE}spread/feeds/sales.atom"
    assert text_of(feed, "title") == "Know-how for sales"
    assert text_of(feed, "updated") == LATER.isoformat()


def test_an_entry_of_an_atom_feed_says_what_and_why() -> None:
    feed = atom_of(delivery())

    assert text_of(feed, "entry", "id") == "urn:knowhow:item-1:1"
    assert text_of(feed, "entry", "author", "name") == "Anna"
    assert text_of(feed, "entry", "summary") == "follows finance\n\nSay it plainly."
    [link] = feed.findall(f"{{{ATOM}}}entry/{{{ATOM}}}link")
    assert link.attrib == {"rel": "alternate", "href": ADDRESS}
    tags = [tag.get("term") for tag in feed.findall(f"{{{ATOM}}}entry/{{{ATOM}}}category")]
    assert tags == ["prompt", "finance/tax"]


def test_an_empty_feed_is_a_feed() -> None:
    assert json_feed("sales", [], BASE, None)["items"] == []
    assert text_of(atom_of(), "updated") == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "]]>", "a\nb", "\u202fü 漢 🙂", "\"'"])
def test_markup_is_text(text: str) -> None:
    feed = atom_of(delivery(content=content(title=text)))

    assert text_of(feed, "entry", "title") == text


@given(st.text(st.characters(exclude_characters="\ufffe\uffff"), min_size=1).filter(is_plain))
def test_what_may_be_captured_can_be_read_in_both_formats(text: str) -> None:
    known = delivery(content=content(title=text, body=text), author=text, because=(text,))

    assert text_of(atom_of(known), "entry", "title") is not None
    assert json.loads(json.dumps(item_of(known)))["title"] == text


@pytest.mark.parametrize("text", ["\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_breaks_no_feed(text: str) -> None:
    assert not is_plain(text) or atom_of(delivery(content=content(title=text))) is not None


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\x1f"])
def test_control_characters_that_came_by_another_way_break_no_feed(text: str) -> None:
    assert atom_of(delivery(content=content(title=text))) is not None
