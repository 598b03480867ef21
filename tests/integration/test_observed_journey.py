"""What an operator sees of a journey: every step of it, and nothing about the people on it."""

import json
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.identity.policy import SERVICES
from tests.support.collector import Seen
from tests.support.house import PEOPLE
from tests.support.observed import SAID, Observed, observed

SAMPLE = json.loads(PEOPLE.read_text())
WORDS = [word for text in SAID.values() for word in re.findall(r"\w{6,}", text)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Observed]:
    async with observed(tmp_path_factory.mktemp("observed")) as one:
        yield one


def trace_of(seen: Observed, item: str) -> str:
    """The trace in which the item was captured."""
    captures = [one for one in seen.collector.spans if one.name == "hear ItemCaptured"]
    return next(one.trace for one in captures if one.attributes["knowhow.item"] == item)


def ancestors(seen: Observed, span: Seen) -> list[str]:
    """The names of what led to a span, up to the request that began it."""
    by_id = {one.id: one for one in seen.collector.spans}
    names = []
    while span.parent in by_id:
        span = by_id[span.parent]
        names.append(f"{span.service}: {span.name}")
    return names


async def test_one_item_can_be_followed_through_all_four_services(seen: Observed) -> None:
    story = seen.collector.story(trace_of(seen, seen.items[0]))

    spans = seen.collector.of(story)
    assert {span.service for span in spans} == {f"knowhow-{service}" for service in SERVICES}
    assert {span.name for span in spans} >= {
        "POST /discover/items",
        "hear ItemCaptured",
        "hear ItemNominated",
        "hear DecideReview",
        "hear EntryPublished",
        "hear EntryDelivered",
        "hear AdoptionReported",
    }


async def test_a_trace_goes_on_over_kafka_from_service_to_service(seen: Observed) -> None:
    delivered = next(one for one in seen.collector.spans if one.name == "hear EntryDelivered")

    assert ancestors(seen, delivered) == [
        "knowhow-spread: hear EntryPublished",
        "knowhow-codify: hear ItemApproved",
        "knowhow-codify: hear DecideReview",
        "knowhow-codify: POST /codify/reviews/{item_id}/decisions",
    ]


@pytest.mark.parametrize("word", WORDS)
async def test_what_people_write_is_in_no_log_line_and_no_span(seen: Observed, word: str) -> None:
    assert word.lower() not in json.dumps(seen.log).lower()
    assert word.lower() not in repr(seen.collector.spans).lower()


@pytest.mark.parametrize("person", SAMPLE, ids=lambda person: person["id"])
async def test_nobody_is_named_in_the_logs_or_in_a_span(seen: Observed, person: dict[str, str]) -> None:
    named = re.compile(
        rf"\b({person['name']}|{'|'.join(person['name'].split())}|{person['id']})\b", re.IGNORECASE
    )

    assert not [line for line in seen.log if named.search(json.dumps(line))]
    assert not [span for span in seen.collector.spans if named.search(repr(span))]


async def test_the_log_tells_of_start_and_stop_and_of_every_request(seen: Observed) -> None:
    for said in ("started", "stopped"):
        assert {line["service"] for line in seen.lines(said)} == set(SERVICES)
    [line] = [
        line
        for line in seen.lines("answered")
        if line["route"] == "/codify/reviews/{item_id}/decisions" and line["item"] == seen.items[0]
    ]
    assert (line["method"], line["status"], line["service"]) == ("POST", "202", "codify")
    assert re.fullmatch("[0-9a-f]{32}", line["trace"])
    assert line["ms"] > 0


async def test_a_decision_that_nobody_signed_is_parked_and_audited(seen: Observed) -> None:
    [parked] = seen.lines("a message is parked")
    assert parked["type"] == "DecideReview"
    assert parked["topic"].endswith("knowhow.codify.decisions.v1")
    assert parked["letter"]

    [audit] = seen.lines("audit: a decision is refused")
    assert (audit["item"], audit["service"], audit["level"]) == (seen.items[0], "codify", "warning")
    assert audit["why"]


async def test_the_metrics_have_moved(seen: Observed) -> None:
    discover, share, codify, spread = (seen.metrics[service] for service in SERVICES)

    captured = "knowhow_request_seconds_count{method=POST,route=/discover/items,status=201}"
    assert discover[captured] == 2
    assert discover["knowhow_capture_to_feed_seconds_count"] == 2
    assert share["knowhow_batch_messages_sum{lane=heard}"] >= 2
    assert share["knowhow_hearing_delay_seconds_count"] >= 1
    assert (codify["knowhow_parked_total"], codify["knowhow_dead_letters"]) == (1, 1)
    assert (spread["knowhow_index_documents_behind"], spread["knowhow_index_stale_seconds"]) == (0, 0)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_tells_that_it_is_ready_and_what_waits(seen: Observed, service: str) -> None:
    told = seen.metrics[service]

    assert told["knowhow_ready"] == 1
    assert told["knowhow_not_measured_total"] == 0
    assert told["knowhow_pending_documents"] >= 0
    assert [name for name in told if name.startswith("knowhow_lag_messages{topic=")]
