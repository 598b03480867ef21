"""What an operator sees and does."""

from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response

from tests.support.stand_in import Asked, StandIn, problem
from tests.unit.cli.conftest import Shell

SERVICES = ("discover", "share", "codify", "spread")
PARKED = {
    "id": "d1",
    "topic": "knowhow.share.items.v1",
    "reason": "Not valid.",
    "parked_at": "2026-05-01T10:00:00Z",
}

DISCARD = ("dead-letters", "discard", "d1")


def how(service: str, **changes: Any) -> dict[str, Any]:
    said = {"service": service, "ready": True, "why": "", "lag": {"a": 2, "b": 3}, "pending": False}
    return said | {"dead_letters": 0, "hears": ["a", "b"]} | changes


@pytest.fixture
def four(house: StandIn) -> StandIn:
    for service in SERVICES:
        house.says(f"GET /{service}/status", how(service))
        house.says(f"GET /{service}/dead-letters", {"items": [], "next": None})
        house.says(f"POST /{service}/announce-again", {"announced": 7})
    house.says("GET /codify/dead-letters", {"items": [PARKED], "next": None})
    house.says("GET /codify/dead-letters/d1", {**PARKED, "partition": 0, "offset": 4, "value": "{}"})
    house.says("POST /codify/dead-letters/d1/replay", status=204)
    house.says("POST /codify/dead-letters/d1/discard", status=204)
    return house


@pytest.mark.usefixtures("four")
def test_the_status_tells_of_each_service(knowhow: Shell) -> None:
    told = knowhow.lines("status")

    assert [one["service"] for one in told] == list(SERVICES)
    assert {one["lag"]["a"] for one in told} == {2}


def test_a_service_that_is_not_ready_is_seen_by_a_script(knowhow: Shell, four: StandIn) -> None:
    four.says("GET /share/status", how("share", ready=False, why="Kafka is away"))

    done = knowhow("status")

    assert done.exit_code == 1
    assert "no: Kafka is away" in done.stdout


def test_a_service_that_is_away_does_not_hide_the_others(knowhow: Shell, four: StandIn) -> None:
    four.refuses("GET /discover/status", 503, "Starting.")

    done = knowhow("status")

    assert done.exit_code == 1
    assert "no: Starting." in done.stdout
    assert "spread" in done.stdout


def test_where_all_are_away_the_server_is_away(knowhow: Shell, four: StandIn) -> None:
    for service in SERVICES:
        four.refuses(f"GET /{service}/status", 503, "Starting.")

    assert knowhow("status").exit_code == 4


@pytest.mark.usefixtures("four")
def test_dead_letters_of_all_services_are_listed(knowhow: Shell) -> None:
    assert knowhow.lines("dead-letters", "list") == [{"service": "codify", **PARKED}]
    assert knowhow.lines("dead-letters", "list", "--service", "share") == []


@pytest.mark.usefixtures("four")
def test_a_dead_letter_is_found_whichever_service_has_it(knowhow: Shell) -> None:
    (told,) = knowhow.lines("dead-letters", "show", "d1")

    assert (told["service"], told["offset"]) == ("codify", 4)


@pytest.mark.usefixtures("four")
def test_a_dead_letter_that_nobody_has_is_refused(knowhow: Shell) -> None:
    assert knowhow("dead-letters", "show", "d2").exit_code == 1


@pytest.mark.parametrize("which", ["d1", "--all"])
def test_dead_letters_are_replayed(knowhow: Shell, four: StandIn, which: str) -> None:
    assert knowhow.lines("dead-letters", "replay", which) == [
        {"id": "d1", "service": "codify", "outcome": "heard"}
    ]
    assert four.asked[-1].path == "/codify/dead-letters/d1/replay"


def test_a_message_that_still_cannot_be_heard_is_told(knowhow: Shell, four: StandIn) -> None:
    four.refuses("POST /codify/dead-letters/d1/replay", 409, "It still cannot be heard: Not valid.")

    done = knowhow("dead-letters", "replay", "d1")

    assert done.exit_code == 1
    assert "It still cannot be heard" in done.stdout


@pytest.mark.parametrize("wrong", [(), ("d1", "--all"), ("d1", "--service", "shar")])
def test_replaying_must_say_what(knowhow: Shell, wrong: tuple[str, ...]) -> None:
    assert knowhow("dead-letters", "replay", *wrong).exit_code == 2


def test_a_dead_letter_is_discarded_with_a_reason(knowhow: Shell, four: StandIn) -> None:
    assert knowhow.lines(*DISCARD, "--reason", "The signer knows.") == [
        {"id": "d1", "service": "codify", "outcome": "discarded"}
    ]
    assert four.asked[-1].path == "/codify/dead-letters/d1/discard"
    assert four.wish == {"reason": "The signer knows."}


def test_discarding_what_was_heard_after_all_tells_so(knowhow: Shell, four: StandIn) -> None:
    four.says("GET /codify/dead-letters/d1", {**PARKED, "heard_at": "2026-05-02T10:00:00Z"})

    (told,) = knowhow.lines(*DISCARD, "--reason", "The signer knows.")

    assert told["outcome"] == "heard"


def test_a_reason_that_cannot_be_is_told_with_what_is_wrong(knowhow: Shell, four: StandIn) -> None:
    wrong = [{"pointer": "/reason", "detail": "Write something here; it is empty."}]
    four.refuses("POST /codify/dead-letters/d1/discard", 422, "Correct the fields.", wrong)

    done = knowhow(*DISCARD, "--reason", " ")

    assert done.exit_code == 1
    assert "/reason  Write something here; it is empty." in done.stderr


@pytest.mark.usefixtures("four")
def test_a_dead_letter_that_nobody_has_cannot_be_discarded(knowhow: Shell) -> None:
    assert knowhow("dead-letters", "discard", "d2", "--reason", "The signer knows.").exit_code == 1


@pytest.mark.parametrize("wrong", [("d1",), ("--reason", "The signer knows.")])
def test_discarding_must_say_what_and_why(knowhow: Shell, wrong: tuple[str, ...]) -> None:
    assert knowhow("dead-letters", "discard", *wrong).exit_code == 2


@pytest.mark.usefixtures("four")
def test_announcing_again_asks_every_service_or_one(knowhow: Shell) -> None:
    assert [one["announced"] for one in knowhow.lines("announce-again")] == [7, 7, 7, 7]
    assert knowhow.lines("announce-again", "--service", "share") == [{"service": "share", "announced": 7}]


@pytest.mark.parametrize(("error", "code"), [("", 0), ("The search server is full.", 1)])
def test_reindexing_is_watched_to_its_end(knowhow: Shell, house: StandIn, error: str, code: int) -> None:
    looks = [
        {"running": True, "done": 1, "total": 2},
        {"running": False, "done": 2, "total": 2, "error": error},
    ]
    house.says("POST /spread/reindex", {"running": True, "done": 0, "total": 2}, 202)
    house.answers["GET /spread/reindex"] = lambda _: JSONResponse(looks.pop(0))

    done = knowhow("reindex")

    assert done.exit_code == code
    assert ("2 entries and subscriptions are indexed." in done.stdout) is (code == 0)


def test_replaying_all_reads_the_list_to_its_end_first(knowhow: Shell, four: StandIn) -> None:
    def paged(asked: Asked) -> Response:
        if any("replay" in one.path for one in four.asked):
            return JSONResponse(problem(500, "Too late."), 500)
        return JSONResponse({"items": [PARKED], "next": None if "cursor" in asked.query else "more"})

    four.answers["GET /codify/dead-letters"] = paged

    assert len(knowhow.lines("dead-letters", "replay", "--all", "--service", "codify")) == 2
