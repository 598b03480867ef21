"""A library goes in once, whatever happens on the way, and each row is told what became of it."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response
from typer.testing import Result

from tests.support.stand_in import Asked, Shelf, StandIn, problem
from tests.unit.cli.conftest import Shell

SAMPLE = str(Path(__file__).parents[2] / "support" / "prompts_sample.csv")
CAPTURE = "POST /discover/items"


@pytest.fixture
def shelf(house: StandIn) -> Shelf:
    made = Shelf()
    house.answers[CAPTURE] = made.capture
    return made


def report(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def library(path: Path, *bodies: str) -> str:
    rows = [f"Title {number},{body}\n" for number, body in enumerate(bodies, 1)]
    path.write_text("act,prompt\n" + "".join(rows), "utf-8")
    return str(path)


def test_every_row_is_told_what_became_of_it(knowhow: Shell, shelf: Shelf) -> None:
    told = knowhow.lines("import", SAMPLE)

    assert [row["outcome"] for row in told] == [*["captured"] * 4, "repeats", *["captured"] * 4, "repeats"]
    assert [row.get("repeats") for row in told if row["outcome"] == "repeats"] == ["row 4", "row 1"]
    assert len(shelf.items) == 8


@pytest.mark.usefixtures("shelf")
def test_people_get_the_numbers_and_what_they_should_look_at(knowhow: Shell) -> None:
    done = knowhow("import", SAMPLE)

    assert done.exit_code == 0
    assert "10 rows: 8 captured, 0 exists, 2 repeats, 0 refused." in done.stdout
    assert "repeats row 4" in done.stdout
    assert "captured (4 control characters were taken out)" in done.stdout


def test_running_it_again_captures_nothing_twice(knowhow: Shell, shelf: Shelf) -> None:
    first = knowhow.lines("import", SAMPLE)
    again = knowhow.lines("import", SAMPLE)

    assert [row.get("item_id") for row in again] == [row.get("item_id") for row in first]
    assert len(shelf.items) == 8


def test_what_the_person_captured_before_exists(knowhow: Shell, shelf: Shelf, home: Path) -> None:
    shelf.items["List the decisions."] = "item0"

    (told,) = knowhow.lines("import", library(home / "one.csv", "List the decisions."))

    assert (told["outcome"], told["item_id"]) == ("exists", "item0")


def test_a_secret_is_refused_with_its_place_and_the_rest_goes_in(
    knowhow: Shell, shelf: Shelf, home: Path
) -> None:
    done = knowhow(
        "import", library(home / "two.csv", "Use AKIAEXAMPLE", "List."), "--report", "report.jsonl"
    )

    refused, captured = report(home / "report.jsonl")
    assert done.exit_code == 1
    assert refused["errors"] == [{"pointer": "/body", "detail": "This looks like a secret: AWS Access Key."}]
    assert captured["outcome"] == "captured"
    assert "refused: Take out the credentials.; /body: This looks like a secret" in done.stdout
    assert len(shelf.items) == 1


def test_a_busy_server_is_asked_again(knowhow: Shell, shelf: Shelf) -> None:
    shelf.busy = 5

    assert knowhow("import", SAMPLE).exit_code == 0
    assert len(shelf.items) == 8


def test_a_server_that_stays_busy_ends_the_import(knowhow: Shell, house: StandIn) -> None:
    house.refuses(CAPTURE, 503, "The database does not answer.", Retry_After="1")

    done = knowhow("import", SAMPLE, "--wait", "0")

    assert done.exit_code == 4
    assert "8 of 10 rows are not done; run the same again to go on." in done.stderr
    assert "The database does not answer." in done.stderr


def test_a_sign_in_that_expires_ends_the_import(knowhow: Shell, house: StandIn) -> None:
    house.refuses(CAPTURE, 401, "The token has expired.")

    assert knowhow("import", SAMPLE).exit_code == 3


@pytest.fixture
def hundred(home: Path) -> str:
    return library(home / "hundred.csv", *(f"Prompt {number}." for number in range(100)))


@pytest.fixture
def interrupted(knowhow: Shell, house: StandIn, shelf: Shelf, hundred: str) -> Result:
    """An import of a hundred rows at which Ctrl-C was pressed when the house had fifty."""
    presses: list[Asked] = []

    def pressed(asked: Asked) -> Response:
        if len(shelf.items) < 50:
            return shelf.capture(asked)
        if not presses:
            presses.append(asked)
            os.kill(os.getpid(), signal.SIGINT)
        return JSONResponse(problem(429, "Later."), 429, {"Retry-After": "30"})

    house.answers[CAPTURE] = pressed
    return knowhow("import", hundred, "--report", "report.jsonl")


def test_ctrl_c_stops_cleanly_and_tells_how_far_it_came(interrupted: Result, home: Path) -> None:
    told = report(home / "report.jsonl")

    assert interrupted.exit_code == 130
    assert 0 < len(told) <= 50
    assert f"{100 - len(told)} of 100 rows are not done; run the same again" in interrupted.stderr


def test_after_ctrl_c_the_same_command_goes_on(
    interrupted: Result, knowhow: Shell, house: StandIn, shelf: Shelf, hundred: str
) -> None:
    house.answers[CAPTURE] = shelf.capture

    told = knowhow.lines("import", hundred)

    assert interrupted.exit_code == 130
    assert [row["outcome"] for row in told] == ["captured"] * 100
    assert len(shelf.items) == 100


def test_nothing_is_sent_where_a_file_cannot_be_read(knowhow: Shell, house: StandIn, home: Path) -> None:
    (home / "bad.csv").write_bytes(b"act,prompt\nA,\xff\n")

    done = knowhow("import", SAMPLE, "bad.csv")

    assert done.exit_code == 1
    assert "is not UTF-8" in done.stderr
    assert not house.asked


def test_a_file_that_is_not_there_is_wrong_usage(knowhow: Shell) -> None:
    assert knowhow("import", "nowhere.csv").exit_code == 2


@pytest.mark.usefixtures("shelf")
def test_an_import_may_be_anonymous(knowhow: Shell, house: StandIn, home: Path) -> None:
    knowhow("import", library(home / "one.csv", "List."), "--as", "anonymous")

    assert house.wish["attribution"] == "anonymous"
