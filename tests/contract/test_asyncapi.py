"""The AsyncAPI document: current, well formed, and true to the services' tables."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts import EVENTS
from shared.identity.policy import SERVICES
from tests.support.contracts import ASYNCAPI, asyncapi_now, golden, heard_by

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DOCUMENT: dict[str, Any] = asyncapi_now()


def at(pointer: str) -> Any:
    """What a reference within the document leads to."""
    found: Any = DOCUMENT
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[name] for name in part if name == "$ref")
        for inner in part.values():
            yield from references(inner)
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def says(service: str, what: str) -> set[str]:
    """The names of the messages in a service's operations."""
    operations = [
        one for name, one in DOCUMENT["operations"].items() if name.startswith(f"{service}.{what}.")
    ]
    return {message["$ref"].rsplit("/", 1)[1] for one in operations for message in one["messages"]}


def validator(name: str) -> jsonschema_rs.Draft7Validator:
    """What checks the payload of an event, with the schemas that it refers to."""
    return jsonschema_rs.Draft7Validator(
        {
            "$ref": f"#/components/schemas/{name}",
            "components": DOCUMENT["components"],
        }
    )


def test_the_document_is_current() -> None:
    current = json.loads(ASYNCAPI.read_text("utf-8")) == DOCUMENT

    assert current, "Run `python -m tests.contract.regenerate`."


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert found
    assert all(at(pointer) for pointer in found)


def test_it_has_the_parts_that_asyncapi_3_requires() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert all(one["action"] in {"send", "receive"} for one in DOCUMENT["operations"].values())
    assert all(set(one) >= {"channel", "messages"} for one in DOCUMENT["operations"].values())


def test_an_operation_names_only_messages_of_its_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]

        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_event_is_a_message_of_the_one_channel_that_is_its_topic() -> None:
    found = [(name, one["address"]) for one in DOCUMENT["channels"].values() for name in one["messages"]]

    assert sorted(found) == sorted((name, kind.topic) for name, kind in EVENTS.items())


def test_every_event_is_said_by_the_one_service_whose_contract_it_is() -> None:
    said = {name: service for service in SERVICES for name in says(service, "says")}

    assert said == {name: kind.__module__.rsplit(".", 1)[1] for name, kind in EVENTS.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_hears_what_its_table_names(service: str) -> None:
    assert says(service, "hears") == heard_by()[service]


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_a_schema_is_of_the_json_schema_that_asyncapi_uses(name: str) -> None:
    jsonschema_rs.meta.validate({"$schema": DRAFT_7, **at(f"#/components/schemas/{name}")})


@pytest.mark.parametrize("name", EVENTS)
def test_a_sample_fits_the_document(name: str) -> None:
    sample = golden(name, "sample")

    assert validator(name).is_valid(sample)
    assert not validator(name).is_valid(sample | {"item_id": 7})
