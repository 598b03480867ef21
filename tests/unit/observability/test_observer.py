"""What the engine says becomes metrics and lines; a bug's message, which may quote a person, does not."""

import logging
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from shared.flow.announcement import Cause
from shared.flow.dead_letters import Letter, letter_id
from shared.flow.errors import Passing
from shared.flow.fold import Job
from shared.flow.step import Refused
from shared.observability.observer import Observer, explained, nobody

TRACE = "0123456789abcdef" * 2
HEADERS = (
    ("ce_id", b"endorsements/i1:kofi/1"),
    ("ce_type", b"ItemEndorsed"),
    ("ce_subject", b"i1"),
    ("traceparent", b"ignored"),
)
LETTER = Letter(
    topic="knowhow.share.reactions.v1",
    partition=2,
    offset=7,
    key=b"i1",
    value=b"Quixotic",
    headers=HEADERS,
    reason="KeyError: Quixotic",
    trace=f"00-{TRACE}-{TRACE[:16]}-01",
    service="share",
)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO, "shared.observability.observer")
    return lambda: [vars(record) for record in caplog.records]


def value(observer: Observer, name: str, **labels: str) -> float | None:
    registry: CollectorRegistry = observer.metrics.registry
    return registry.get_sample_value(name, {"service": "nobody", **labels})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("The decision has expired."), "Refused: The decision has expired."),
        (Passing("Kafka is away."), "Passing: Kafka is away."),
        (KeyError("Quixotic"), "KeyError"),
    ],
)
def test_only_sentences_of_ours_and_of_servers_are_told(error: Exception, said: str) -> None:
    assert explained(error) == said


def test_a_parked_message_is_told_with_ids_and_nothing_of_its_content(told: Any) -> None:
    observer = nobody()

    observer.parked([LETTER], [KeyError("Quixotic")])

    [line] = told()
    assert line["letter"] == letter_id(LETTER)
    assert (line["trace"], line["item"], line["event"]) == (TRACE, "i1", "endorsements/i1:…/1")
    assert (line["topic"], line["partition"], line["offset"]) == (LETTER.topic, 2, 7)
    assert line["why"] == "KeyError"
    assert value(observer, "knowhow_parked_total") == 1


def test_a_held_batch_is_told_once_for_each_reason_and_when_it_is_over(told: Any) -> None:
    observer, away = nobody(), Passing("Kafka is away.")

    with observer.hearing([], skipped=2):
        for error in (away, away, Passing("The database is away."), away):
            observer.held(error)

    assert [line["msg"] for line in told()] == ["a batch is held"] * 3 + ["the batch that was held is heard"]
    assert value(observer, "knowhow_held_total") == 4
    assert value(observer, "knowhow_skipped_total") == 2


def test_a_stored_batch_counts_in_its_lane() -> None:
    observer = nobody()

    observer.stored("pod.7.asked", [Job("a", Cause.request())] * 3, 0.2)

    assert value(observer, "knowhow_batch_messages_sum", lane="asked") == 3
    assert value(observer, "knowhow_batch_seconds_sum", lane="asked") == 0.2


def test_a_service_sees_only_what_changed_something() -> None:
    seen, observer = [], nobody()
    observer.seen = lambda job, _: seen.append(job.heard)
    old, new = Job("old", Cause.request()), Job("new", Cause.request(), changes={"items/i1"})

    observer.stored("0.heard", [old, new], 0.1)

    assert seen == ["new"]


def test_histories_announced_again_are_counted(told: Any) -> None:
    observer = nobody()

    observer.announced_again(12)

    assert value(observer, "knowhow_announced_again_total") == 12
    assert told()[0]["count"] == 12
