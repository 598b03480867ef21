"""Whatever is wrong with what somebody sends, the answer says where or what to do, and nothing is stored."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.support.door import BELL, JSON, OVERRIDE, SURROGATE, Door, as_json, door_of, pointers, wish

DEEP = 100_000
LARGEST = 256 * 1024


@pytest.fixture(scope="module")
def door(house_url: str) -> Iterator[Door]:
    with door_of(house_url) as door:
        yield door


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": 7}, "/title"),
        ({"title": None}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "two\nlines"}, "/title"),
        ({"title": "x" * 301}, "/title"),
        ({"title": BELL}, "/title"),
        ({"title": OVERRIDE}, "/title"),
        ({"title": SURROGATE}, "/title"),
        ({"body": ["a"]}, "/body"),
        ({"body": " \n"}, "/body"),
        ({"body": "a\u0000b"}, "/body"),
        ({"body": OVERRIDE}, "/body"),
        ({"kind": "magic"}, "/kind"),
        ({"attribution": "secret"}, "/attribution"),
        ({"topics": "finance"}, "/topics"),
        ({"topics": ["a"] * 21}, "/topics"),
        ({"topics": ["finance", "Big Money"]}, "/topics/1"),
        ({"topics": ["../etc"]}, "/topics/0"),
        ({"topics": ["a//b"]}, "/topics/0"),
        ({"topics": ["$ne"]}, "/topics/0"),
        ({"topics": [{"$ne": ""}]}, "/topics/0"),
        ({"tools": [BELL]}, "/tools/0"),
        ({"model": OVERRIDE}, "/model"),
        ({"sample_output": BELL}, "/sample_output"),
        ({"expected": OVERRIDE}, "/expected"),
        ({"origin": BELL}, "/origin"),
        ({"variables": [{"name": OVERRIDE}]}, "/variables/0/name"),
        ({"variables": [{"name": "who", "default": BELL}]}, "/variables/0/default"),
        ({"variables": [{"name": "who", "default": OVERRIDE}]}, "/variables/0/default"),
        ({"variables": [{"name": "who", "$gt": ""}]}, "/variables/0/$gt"),
        ({"follows": BELL}, "/follows"),
        ({"follows": "$where"}, "/follows"),
        ({"colour": "red"}, "/colour"),
        ({"$where": "1"}, "/$where"),
        ({"content.title": "x"}, "/content.title"),
        ({"a/b~c": 1}, "/a~1b~0c"),
    ],
)
def test_a_field_that_is_wrong_is_named(door: Door, changes: dict[str, Any], pointer: str) -> None:
    problem = door.refuses(422, "POST", "/discover/items", **as_json(wish(**changes)))

    assert pointers(problem) == {pointer}
    assert not any(error["detail"].startswith("Value error") for error in problem["errors"])


@pytest.mark.parametrize("body", [[], "text", None, 7, True])
def test_a_body_that_is_no_object_is_refused(door: Door, body: Any) -> None:
    problem = door.refuses(422, "POST", "/discover/items", **as_json(body))

    assert pointers(problem) == {""}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP + b"]" * DEEP,
        b"[" * DEEP,
        json.dumps(wish()).encode()[:-1] + b', "tools": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
        b'{"kind": "prompt", "title": "\xff\xfe", "body": "x"}',
        b'{"kind": "prompt", "title": "x", "body": "x", "follows": ' + b"9" * 5_000 + b"}",
    ],
    ids=["deep", "deep and torn off", "deep in a field", "deep objects", "bad UTF-8", "long number"],
)
def test_json_that_cannot_be_read_is_refused(door: Door, body: bytes) -> None:
    problem = door.refuses(400, "POST", "/discover/items", content=body, headers=JSON)

    assert "JSON" in problem["detail"]


@pytest.mark.parametrize("body", [b'{"kind": ', b"{'kind': 1}", b"\x00", b"prompt"])
def test_what_is_no_json_is_told_where_it_stops_being_it(door: Door, body: bytes) -> None:
    problem = door.refuses(422, "POST", "/discover/items", content=body, headers=JSON)

    assert pointers(problem) == {""}
    assert "at character" in problem["errors"][0]["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(door: Door, kind: str) -> None:
    problem = door.refuses(
        415, "POST", "/discover/items", content=json.dumps(wish()), headers={"Content-Type": kind}
    )

    assert "application/json" in problem["detail"]


@pytest.mark.parametrize("pieces", [1, 6], ids=["announced", "in pieces"])
def test_a_body_over_256_kb_is_refused(door: Door, pieces: int) -> None:
    body = json.dumps(wish(body="x" * LARGEST)).encode()
    size = len(body) // pieces + 1
    torn = (body[start : start + size] for start in range(0, len(body), size))

    door.refuses(
        413,
        "POST",
        "/discover/items",
        content=body if pieces == 1 else torn,
        headers=JSON,
    )


def test_a_body_just_under_256_kb_is_taken(door: Door) -> None:
    body = wish(body=uuid4().hex + "x" * (LARGEST - 200))

    assert door.ask("POST", "/discover/items", json=body).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_an_idempotency_key_that_is_none_is_named(door: Door, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}

    problem = door.refuses(422, "POST", "/discover/items", json=wish(), headers=headers)

    assert pointers(problem) == {"header/idempotency-key"}


@pytest.mark.parametrize(
    ("person", "route", "body", "pointer"),
    [
        ("ines", "POST /share/items/x/endorsements", {"comment": BELL}, "/comment"),
        ("ines", "POST /share/items/x/tries", {"outcome": "brilliant"}, "/outcome"),
        ("ines", "POST /share/items/x/nominations", {"reason": {"$ne": 1}}, "/reason"),
        ("ines", "POST /share/communities", {"name": OVERRIDE}, "/name"),
        ("ines", "POST /share/communities", {"name": "x", "topics": ["A"]}, "/topics/0"),
        ("ines", "POST /spread/subscriptions", {"department": "a.b", "topics": ["a"]}, "/department"),
        ("ines", "POST /spread/subscriptions", {"department": "a", "topics": []}, "/topics"),
        ("ines", "POST /spread/subscriptions/preview", {"topics": ["a"], "query": BELL}, "/query"),
        ("ines", "POST /spread/entries/x/adoptions", {"department": "a", "outcome": 1}, "/outcome"),
        ("tomas", "POST /codify/entries/x/retirement", {"reason": OVERRIDE}, "/reason"),
        ("tomas", "POST /codify/entries/x/retirement", {"reason": "ghp_" + "a" * 36}, "/reason"),
        ("admin", "PUT /codify/curators/x", {"name": "X", "topics": ["$a"]}, "/topics/0"),
        ("admin", "PUT /codify/curators/x", {"name": "X", "topics": [""], "keys": [1]}, "/keys/0"),
        ("ines", "POST /identity/tokens", {"person": {"$ne": ""}}, "/person"),
    ],
)
def test_every_service_names_the_field(
    door: Door, person: str, route: str, body: dict[str, Any], pointer: str
) -> None:
    method, path = route.split()

    problem = door.refuses(422, method, path, person, **as_json(body))

    assert pointers(problem) == {pointer}


@pytest.mark.parametrize("key", [{}, {"kty": "OKP"}, {"$ref": "x"}, {"kty": "RSA", "n": BELL, "kid": ["x"]}])
def test_a_key_that_is_none_is_refused(door: Door, key: dict[str, Any]) -> None:
    body = {"name": "X", "topics": [""], "keys": [key]}

    door.refuses(422, "PUT", "/codify/curators/x", "admin", json=body)


def test_somebody_who_is_nobody_is_told_where_people_are_listed(door: Door) -> None:
    problem = door.refuses(404, "POST", "/identity/tokens", json={"person": "nobody"})

    assert "/identity/people" in problem["detail"]
