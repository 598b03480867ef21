"""A log line is JSON with the listed fields, and quotes nobody."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from shared.observability.logs import FIELDS, bound, configure, without_people

log = logging.getLogger("shared.flow.sample")


@pytest.fixture
def lines() -> Iterator[Any]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = StringIO()
    configure("info", logging.StreamHandler(stream))
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_tells_when_how_urgent_who_and_what(lines: Any) -> None:
    log.warning("a batch is held", extra={"why": "Kafka is away.", "count": 3})

    [line] = lines()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "shared.flow.sample",
        "said": "a batch is held",
        "why": "Kafka is away.",
        "count": 3,
    }


def test_what_is_not_listed_is_left_out(lines: Any) -> None:
    log.warning("captured", extra={"title": "Quixotic", "author": "Ines", "item": "i1"})

    [line] = lines()
    assert line["item"] == "i1"
    assert not {"title", "author"} & line.keys()


def test_no_field_could_hold_what_people_write() -> None:
    assert not {"title", "body", "name", "person", "actor", "reason", "note", "query", "path", "key"} & set(
        FIELDS
    )


def test_of_an_exception_only_type_and_place_are_told(lines: Any) -> None:
    try:
        raise ValueError("Quixotic")  # noqa: TRY301 - it must have a traceback.
    except ValueError:
        log.exception("a step failed")

    [line] = lines()
    assert line["error"] == "ValueError"
    assert __file__ in line["where"][-1]
    assert "Quixotic" not in json.dumps(line)


def test_a_line_stays_one_line_whatever_is_in_it(lines: Any) -> None:
    log.warning("held", extra={"why": 'one\ntwo {"level": "info"}', "topic": b"\xff"})

    [line] = lines()
    assert line["why"].startswith("one\ntwo")


def test_what_is_bound_is_in_every_line_until_the_block_ends(lines: Any) -> None:
    with bound(service="share"):
        log.info("within")
    log.info("after")

    assert [line.get("service") for line in lines()] == ["share", None]


def test_others_are_heard_from_warnings_on(lines: Any) -> None:
    logging.getLogger("opensearch").info("POST /_search?q=Quixotic")
    logging.getLogger("opensearch").warning("slow")
    log.debug("too much")

    assert [line["said"] for line in lines()] == ["slow"]


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ("items/i1/3", "items/i1/3"),
        ("endorsements/i1:kofi/1", "endorsements/i1:…/1"),
        ("deliveries/i1:2:finance/1", "deliveries/i1:…/1"),
        ("", ""),
    ],
)
def test_an_id_does_not_tell_who_it_was(identity: str, told: str) -> None:
    assert without_people(identity) == told
