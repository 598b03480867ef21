"""Whatever is wrong with an address, a header or a cursor, the answer says where or what to do, and nothing is stored."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.door import BELL, OVERRIDE, Door, as_json, door_of, pointers, wish

LISTS = [
    "/discover/items",
    "/share/items",
    "/codify/reviews",
    "/codify/entries",
    "/spread/subscriptions",
    "/spread/search",
    "/spread/feeds/finance.json",
    "/spread/dead-letters",
]


@pytest.fixture(scope="module")
def door(house_url: str) -> Iterator[Door]:
    with door_of(house_url) as door:
        yield door


@pytest.mark.parametrize("person", ["%00", "%E2%80%AE", "a%0Ab", "x" * 256])
def test_a_curators_id_is_a_line_of_plain_text(door: Door, person: str) -> None:
    body = {"name": "X", "topics": [""]}

    problem = door.refuses(422, "PUT", f"/codify/curators/{person}", "admin", json=body)

    assert pointers(problem) == {"path/person_id"}


@pytest.mark.parametrize("item", ["$ne", "a.b", "%00", "%E2%80%AE", "%FF", "{}", "x" * 4_000, "a%0D%0Ab"])
@pytest.mark.parametrize("path", ["/discover/items", "/share/items", "/codify/reviews", "/codify/entries"])
def test_an_id_that_nothing_has_finds_nothing(door: Door, path: str, item: str) -> None:
    door.refuses(404, "GET", f"{path}/{item}")


@pytest.mark.parametrize("kind", ["json", "atom"])
@pytest.mark.parametrize("department", ["$x", "A", "%00", "a%2e", "x" * 61])
def test_a_department_that_cannot_be_is_named(door: Door, department: str, kind: str) -> None:
    problem = door.refuses(422, "GET", f"/spread/feeds/{department}.{kind}")

    assert pointers(problem) == {"path/department"}


def test_a_stream_of_a_department_that_cannot_be_is_refused(door: Door) -> None:
    problem = door.refuses(422, "GET", "/spread/feeds/$x/live")

    assert pointers(problem) == {"path/department"}


def cursor(*parts: Any) -> str:
    """A cursor that says this."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "abc",
        "\u0000",
        "é",
        "[" * 400,
        base64.urlsafe_b64encode(b"null").decode(),
        cursor(),
        cursor("t", "yesterday", "x"),
        cursor("t", "2026-02-30T00:00:00+00:00", "x"),
        cursor("t", "0001-01-01T00:00:00+14:00", "x"),
        cursor("t", 7, "x"),
        cursor("v", {"$gt": ""}, "x"),
        cursor("v", [1], "x"),
        cursor("v", None, "x"),
        cursor("v", True, "x"),
        cursor("v", 1e400, "x"),
        cursor("v", 10**30, "x"),
        cursor("v", "\ud800", "x"),
        cursor("v", "x", "\ud800"),
        cursor("v", "x", {"$ne": ""}),
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(door: Door, cursor: str) -> None:
    for path in LISTS:
        problem = door.refuses(422, "GET", path, "admin", params={"cursor": cursor})

        assert "cursor" in problem["detail"], path


@pytest.mark.parametrize("start", [-1, 9_990, 10_000, 2**40])
def test_search_pages_no_deeper_than_it_can(door: Door, start: int) -> None:
    door.refuses(422, "GET", "/spread/search", params={"cursor": cursor("v", start, ""), "limit": "20"})


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/discover/items", {"limit": "0"}, "query/limit"),
        ("/discover/items", {"limit": "9" * 30}, "query/limit"),
        ("/discover/items", {"limit": "many"}, "query/limit"),
        ("/discover/items", {"topic": "$ne"}, "query/topic"),
        ("/discover/items", {"kind": "magic"}, "query/kind"),
        ("/discover/items", {"stage": "lost"}, "query/stage"),
        ("/share/items", {"community": BELL}, "query/community"),
        ("/codify/reviews", {"state": "lost"}, "query/state"),
        ("/codify/entries", {"topic": "a..b"}, "query/topic"),
        ("/spread/subscriptions", {"department": "$x"}, "query/department"),
        ("/spread/search", {"q": "x" * 301}, "query/q"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    door: Door, path: str, query: dict[str, str], pointer: str
) -> None:
    assert pointers(door.refuses(422, "GET", path, params=query)) == {pointer}


@pytest.mark.parametrize("q", [BELL, OVERRIDE])
def test_a_search_for_what_cannot_be_seen_is_refused(door: Door, q: str) -> None:
    assert "Take out" in door.refuses(422, "GET", "/spread/search", params={"q": q})["detail"]


@pytest.mark.parametrize("q", ['"((*~ AND /', "a:b", "\\", "*", "{}", "💡", "' OR 1=1 --"])
def test_a_search_for_odd_signs_is_only_a_search(door: Door, q: str) -> None:
    assert door.ask("GET", "/spread/search", params={"q": q}).status_code == 200


@pytest.fixture(scope="module")
def item(door: Door) -> str:
    return str(door.ask("POST", "/discover/items", json=wish()).json()["id"])


@pytest.mark.parametrize("tag", ["", "x", '"x"', "*", '"1", "2"', '"-1"', '"9999999999"', '"1\u00e9"'])
def test_a_tag_that_no_answer_had_changes_nothing(door: Door, item: str, tag: str) -> None:
    headers = {"If-Match": tag.encode("latin-1")}

    door.refuses(412, "PATCH", f"/discover/items/{item}", json=wish(), headers=headers)

    assert door.ask("GET", f"/discover/items/{item}").json()["version"] == 1


def test_a_change_without_a_tag_is_refused(door: Door, item: str) -> None:
    problem = door.refuses(428, "PATCH", f"/discover/items/{item}", json=wish())

    assert "If-Match" in problem["detail"]


@pytest.mark.parametrize("change", [{"topics": None}, {"kinds": None}, {"topics": []}, {"query": OVERRIDE}])
def test_a_subscription_stays_as_it_is_where_a_change_makes_no_sense(
    door: Door, change: dict[str, Any]
) -> None:
    made = door.ask("POST", "/spread/subscriptions", json={"department": "finance", "topics": ["tax"]}).json()
    path = f"/spread/subscriptions/{made['id']}"

    door.refuses(422, "PATCH", path, **as_json(change))

    assert door.ask("GET", path).json() == made


@pytest.mark.parametrize("sent", ["Bearer", "Bearer x", "Bearer a.b.c", "Basic aW5lczo=", "Bearer ÿ"])
def test_a_token_that_is_none_is_refused(door: Door, sent: str) -> None:
    headers = {"Authorization": sent.encode("latin-1")}

    door.refuses(401, "POST", "/discover/items", json=wish(), headers=headers)


def test_an_address_that_is_none_says_so(door: Door) -> None:
    door.refuses(404, "GET", "/discover/nothing")
    door.refuses(404, "GET", "/nothing")


def test_a_method_that_is_none_names_those_that_are(door: Door) -> None:
    door.refuses(405, "PUT", "/discover/items")

    assert door.ask("PUT", "/discover/items").headers["Allow"] == "GET, POST"
