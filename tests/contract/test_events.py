"""Contracts only grow: what is on a topic today can still be heard tomorrow."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts import EVENTS
from shared.contracts.base import Said
from tests.support.contracts import breaches, golden, golden_names, schema_of
from tests.support.samples import sample_of

TOPIC = re.compile(r"knowhow\.(discover|share|codify|spread)\.[a-z]+\.v1")
every_event = pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)


def heard(kind: type[Said], said: Any) -> Said:
    return kind.model_validate_json(json.dumps(said))


def with_news(said: Any) -> Any:
    """The same with a field in each object that nobody knows yet."""
    if isinstance(said, list):
        return [with_news(one) for one in said]
    if isinstance(said, dict):
        return {name: with_news(one) for name, one in said.items()} | {"said_next_year": {"a": [1]}}
    return said


@pytest.mark.parametrize("what", ["schema", "sample"])
def test_each_event_has_golden_files_and_none_is_left_over(what: str) -> None:
    assert golden_names(what) == set(EVENTS)


@every_event
def test_a_contract_has_only_grown(kind: type[Said]) -> None:
    assert breaches(golden(kind.__name__, "schema"), schema_of(kind)) == []


@every_event
def test_the_golden_files_are_current(kind: type[Said]) -> None:
    name = kind.__name__

    current = golden(name, "schema") == schema_of(kind) and golden(name, "sample") == sample_of(kind)

    assert current, "Run `python -m tests.contract.regenerate`, and read what it changed."


@every_event
def test_a_sample_fits_its_golden_schema(kind: type[Said]) -> None:
    jsonschema_rs.validate(golden(kind.__name__, "schema"), golden(kind.__name__, "sample"))


@every_event
def test_a_sample_that_is_heard_says_the_same_when_it_is_said_again(kind: type[Said]) -> None:
    sample = golden(kind.__name__, "sample")

    said = heard(kind, sample)

    assert json.loads(said.model_dump_json()) == sample
    assert heard(kind, json.loads(said.model_dump_json())) == said


@every_event
def test_what_is_not_known_yet_is_ignored(kind: type[Said]) -> None:
    sample = golden(kind.__name__, "sample")

    assert heard(kind, with_news(sample)) == heard(kind, sample)


@every_event
def test_what_is_required_may_not_be_left_out(kind: type[Said]) -> None:
    sample = golden(kind.__name__, "sample")

    for name in schema_of(kind)["required"]:
        with pytest.raises(ValueError, match="Field required"):
            heard(kind, {field: value for field, value in sample.items() if field != name})


@every_event
def test_a_topic_names_the_service_and_its_aggregate(kind: type[Said]) -> None:
    assert TOPIC.fullmatch(kind.topic)
    assert kind.topic.split(".")[1] == kind.__module__.rsplit(".", 1)[1]


@every_event
def test_an_event_is_kept_in_order_under_an_id_that_it_holds(kind: type[Said]) -> None:
    said = heard(kind, golden(kind.__name__, "sample"))

    assert said.key in {said.subject, getattr(said, "entry_id", None), getattr(said, "department", None)}
    assert said.subject == golden(kind.__name__, "sample")["item_id"]
