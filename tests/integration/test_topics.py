"""What is really on the topics is what the AsyncAPI document says."""

import json
from typing import Any

import jsonschema_rs
import pytest
from aiokafka.structs import ConsumerRecord

from shared.contracts import EVENTS
from shared.contracts.asyncapi import HEADERS
from tests.support.eventually import eventually
from tests.support.house import House
from tests.support.round import appoint_tomas, captured, published, reviewed
from tests.support.topics import on_topic

Record = ConsumerRecord[bytes, bytes]
NEVER_HERE = {"DecisionRefused", "EntryRevised", "ItemMerged", "ChangesRequested"}
"""What the round below does not lead to."""


async def send_round(house: House) -> None:
    """Let most of what can happen happen to some items, from capture to what is learnt."""
    await appoint_tomas(house)
    await house.post("ines", "/spread/subscriptions", {"department": "sales", "topics": ["finance"]})
    kept, dull, amended = [await captured(house, "bruno", f"On topic {n}.") for n in range(3)]
    await house.post("yuki", f"/share/items/{kept}/endorsements", {"comment": "Yes."})
    await house.post("felix", f"/share/items/{kept}/tries", {"outcome": "worked"})
    await published(house, kept)
    await reviewed(house, dull, "reject")
    wish = {"kind": "trick", "title": "Plainer", "body": "On topic, plainly."}
    await house.ask("bruno", "PATCH", f"/discover/items/{amended}", json=wish, headers={"If-Match": '"1"'})
    await house.ask("bruno", "DELETE", f"/discover/items/{amended}")
    report = {"department": "sales", "outcome": "partly", "learned": "On topic, and shorter."}
    await eventually(lambda: reported(house, kept, report))
    await house.post("tomas", f"/codify/entries/{kept}/retirement", {"reason": "Outdated."})


async def reported(house: House, entry: str, report: dict[str, Any]) -> bool:
    path = f"/spread/entries/{entry}/adoptions"
    return (await house.ask("yuki", "POST", path, json=report)).is_success


def kind_of(record: Record) -> str:
    return headers_of(record)["ce_type"]


def headers_of(record: Record) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


async def all_records(house: House) -> list[Record]:
    """All that is on all topics, once the round is complete."""
    topics = sorted({f"{house.prefix}{kind.topic}" for kind in EVENTS.values()})
    found = [record for topic in topics for record in await on_topic(house.kafka, topic)]
    missing = set(EVENTS) - NEVER_HERE - {kind_of(record) for record in found}
    assert not missing, f"Nobody said {sorted(missing)}."
    return found


@pytest.fixture(scope="module")
async def records(house: House) -> list[Record]:
    await send_round(house)
    return await eventually(lambda: all_records(house), within=20)


async def test_every_record_has_the_headers_that_the_document_describes(records: list[Record]) -> None:
    for record in records:
        jsonschema_rs.validate(HEADERS, headers_of(record), validate_formats=True)


async def test_every_record_is_on_the_topic_of_its_contract_and_fits_it(records: list[Record]) -> None:
    for record in records:
        kind = EVENTS[kind_of(record)]

        assert record.topic.endswith(f"-{kind.topic}")
        jsonschema_rs.validate(kind.model_json_schema(), json.loads(record.value or b""))


async def test_every_record_is_keyed_and_sourced_as_its_contract_says(records: list[Record]) -> None:
    for record in records:
        said = EVENTS[kind_of(record)].model_validate_json(record.value or b"")
        headers = headers_of(record)

        assert (record.key, headers["ce_subject"]) == (said.key.encode(), said.subject)
        assert headers["ce_source"] == f"/{record.topic.split('.')[1]}"


async def test_an_id_means_one_event_however_often_it_was_said(records: list[Record]) -> None:
    said = {
        (headers_of(record)["ce_source"], headers_of(record)["ce_id"], record.value) for record in records
    }

    assert len(said) == len({(source, name) for source, name, _ in said})
