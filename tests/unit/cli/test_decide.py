"""A curator decides about one item or many, through the API or with their own key."""

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response

from shared.cli.kafka import record
from shared.identity.signatures import DecisionClaims, new_key, public_half, verify
from tests.support.stand_in import Asked, StandIn, problem
from tests.unit.cli.conftest import Shell

SHA = "ab" * 32


def review(
    item_id: str, *, topic: str = "finance/invoicing", kind: str = "prompt", body: str = "b"
) -> dict[str, Any]:
    said = {
        "item_id": item_id,
        "state": "open",
        "version": 2,
        "content_sha256": SHA,
        "title": f"Title {item_id}",
    }
    return said | {"kind": kind, "body": body, "topics": [topic], "opened_at": "2026-05-01T10:00:00Z"}


QUEUE = (
    review("one"),
    review("two", topic="finance"),
    review("three", topic="finances", kind="trick"),
    review("four", topic="legal", body="Straße"),
)


@pytest.fixture
def desk(house: StandIn) -> StandIn:
    house.says("GET /codify/reviews", {"items": list(QUEUE), "next": None})
    for one in QUEUE:
        house.says(f"GET /codify/reviews/{one['item_id']}", one)
        house.says(
            f"POST /codify/reviews/{one['item_id']}/decisions", {"event_id": f"asked/{one['item_id']}/1"}, 202
        )
    return house


def decided(house: StandIn) -> set[str]:
    return {asked.path.split("/")[3] for asked in house.asked if asked.method == "POST"}


def claims(**changes: Any) -> DecisionClaims:
    said = {"item_id": "one", "version": 2, "content_sha256": SHA, "decision": "approve", "reason": "Good."}
    now = int(datetime.now(UTC).timestamp())
    return DecisionClaims.model_validate(
        said | {"sub": "ada", "jti": "j1", "iat": now, "exp": now + 60} | changes
    )


def test_a_decision_names_the_version_and_content_that_were_read(knowhow: Shell, desk: StandIn) -> None:
    (told,) = knowhow.lines("decide", "request-changes", "one", "--reason", "Add an example.")

    assert (told["outcome"], told["event_id"]) == ("done", "asked/one/1")
    assert desk.wish == {
        "decision": "request_changes",
        "reason": "Add an example.",
        "version": 2,
        "content_sha256": SHA,
    }


def test_a_merge_names_the_entry(knowhow: Shell, desk: StandIn) -> None:
    assert knowhow("decide", "merge", "one", "--into", "entry", "--reason", "The same.").exit_code == 0
    assert desk.wish["into"] == "entry"


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        ((), {"one", "two", "three", "four"}),
        (("--topic", "finance"), {"one", "two"}),
        (("--kind", "trick"), {"three"}),
        (("--text", "STRASSE"), {"four"}),
        (("--topic", "finance", "--text", "title two"), {"two"}),
    ],
)
def test_all_that_the_filters_leave_are_decided(
    knowhow: Shell, desk: StandIn, filters: tuple[str, ...], chosen: set[str]
) -> None:
    shown = {one["item_id"] for one in knowhow.lines("reviews", *filters)}

    told = knowhow.lines("decide", "approve", "--all", *filters, "--reason", "Good.")

    assert decided(desk) == shown == chosen == {one["item_id"] for one in told}


def test_deciding_all_again_asks_under_the_same_key(knowhow: Shell, desk: StandIn) -> None:
    for _ in range(2):
        knowhow("decide", "approve", "--all", "--kind", "trick", "--reason", "Good.")

    keys = [asked.headers["idempotency-key"] for asked in desk.asked if asked.method == "POST"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_deciding_one_again_is_another_decision(knowhow: Shell, desk: StandIn) -> None:
    for _ in range(2):
        knowhow("decide", "approve", "one", "--reason", "Good.")

    assert len({asked.headers["idempotency-key"] for asked in desk.asked if asked.method == "POST"}) == 2


def test_one_refusal_does_not_hold_up_the_others(knowhow: Shell, desk: StandIn) -> None:
    what = [{"pointer": "/reason", "detail": "Say why."}]
    desk.refuses("POST /codify/reviews/two/decisions", 422, "Correct it.", what)

    done = knowhow("decide", "approve", "--all", "--reason", "Good.")

    assert done.exit_code == 1
    assert "Decisions on their way: 3; refused: 1." in done.stdout
    assert "Correct it. Say why." in done.stdout


def test_a_busy_server_is_asked_again(knowhow: Shell, desk: StandIn) -> None:
    answers = [
        JSONResponse(problem(503, "Later."), 503, {"Retry-After": "0"}),
        JSONResponse({"event_id": "e"}, 202),
    ]

    def busy_once(_: Asked) -> Response:
        return answers.pop(0)

    desk.answers["POST /codify/reviews/three/decisions"] = busy_once

    assert knowhow("decide", "approve", "--all", "--kind", "trick", "--reason", "Good.").exit_code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ("approve", "--reason", "R"),
        ("approve", "one", "--all", "--reason", "R"),
        ("approve", "one", "--topic", "finance", "--reason", "R"),
        ("merge", "one", "--reason", "R"),
        ("approve", "one", "--into", "entry", "--reason", "R"),
        ("approve", "one"),
        ("maybe", "one", "--reason", "R"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(knowhow: Shell, desk: StandIn, wrong: tuple[str, ...]) -> None:
    assert knowhow("decide", *wrong).exit_code == 2
    assert not desk.asked


def test_a_record_is_a_cloud_event_about_the_item() -> None:
    sent = record(claims(), new_key("own:ada:1"))

    headers = {name: value.decode() for name, value in sent["headers"]}
    assert (sent["topic"], sent["key"]) == ("knowhow.codify.decisions.v1", b"one")
    assert (headers["ce_id"], headers["ce_type"], headers["ce_source"]) == ("j1", "DecideReview", "/cli/ada")
    assert (headers["ce_subject"], headers["ce_specversion"]) == ("one", "1.0")
    assert headers["content-type"] == "application/json"
    assert datetime.fromisoformat(headers["ce_time"]).tzinfo


def test_the_curators_key_signed_what_is_in_a_record() -> None:
    key, decision = new_key("own:ada:1"), claims()

    value = json.loads(record(decision, key)["value"])

    assert set(value) == {"item_id", "jws"}
    assert verify(value["jws"], public_half(key), datetime.now(UTC)) == decision


def test_with_a_key_and_no_kafka_the_server_is_away(knowhow: Shell, desk: StandIn, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"127.0.0.1:{taken.getsockname()[1]}"
    (home / "key.jwk").write_text(new_key("own:ada:1"), "utf-8")

    done = knowhow("decide", "approve", "one", "--reason", "R", "--key", "key.jwk", "--kafka", nowhere)

    assert done.exit_code == 4
    assert f"Kafka does not answer at {nowhere}" in done.stderr
    assert not decided(desk)


def test_a_public_key_cannot_decide(knowhow: Shell, desk: StandIn, home: Path) -> None:
    (home / "key.jwk").write_text(json.dumps(public_half(new_key("own:ada:1"))), "utf-8")

    done = knowhow("decide", "approve", "one", "--reason", "R", "--key", "key.jwk")

    assert done.exit_code == 1
    assert "sign with the private one" in done.stderr
    assert not decided(desk)
