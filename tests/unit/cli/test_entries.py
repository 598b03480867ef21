"""Reading an entry of the library, and taking it out of use."""

from typing import Any

import pytest

from tests.support.stand_in import StandIn
from tests.unit.cli.conftest import Shell

E1 = "/codify/entries/e1"
FIRST: dict[str, Any] = {
    "entry_id": "e1",
    "version": 1,
    "kind": "trick",
    "title": "Names [first]",
    "body": "Ask for names\x1b[31m.",
    "topics": ["finance"],
    "author": "Ada",
    "retired": None,
}
SECOND = FIRST | {"version": 2, "title": "Names, always", "body": "Always ask for names."}
REPORTED = {"versions": [1, 2], "adoptions": {"worked": 3, "partly": 0, "failed": 1}}
RETIRED = SECOND | REPORTED | {"retired": "Outdated."}


@pytest.fixture
def library(house: StandIn) -> StandIn:
    """The house, with an entry in two versions."""
    house.says(f"GET {E1}", SECOND | REPORTED)
    house.says(f"GET {E1}/versions/1", FIRST)
    house.says(f"GET {E1}/versions/2", SECOND)
    return house


@pytest.mark.usefixtures("library")
def test_an_entry_is_shown_whole_with_what_departments_reported(knowhow: Shell) -> None:
    shown = knowhow("entry", "e1").stdout

    for said in ("Names, always", "trick", "finance", "Ada", "worked 3, partly 0, failed 1"):
        assert said in shown
    assert shown.endswith("\nAlways ask for names.\n")
    assert "retired" not in shown


@pytest.mark.usefixtures("library")
def test_a_version_is_read_by_the_id_that_a_feed_shows(knowhow: Shell) -> None:
    assert knowhow.lines("entry", "e1:1") == [FIRST | REPORTED]
    assert "Ask for names\\x1b[31m." in knowhow("entry", "e1:1").stdout


@pytest.mark.parametrize(("name", "version"), [("e1", 2), ("e1:2", 2), ("e1:1", 1)])
def test_an_entry_says_that_it_is_retired_and_why_whichever_version_is_read(
    knowhow: Shell, library: StandIn, name: str, version: int
) -> None:
    library.says(f"GET {E1}", RETIRED)

    (told,) = knowhow.lines("entry", name)

    assert (told["version"], told["retired"]) == (version, "Outdated.")
    assert "Outdated." in knowhow("entry", name).stdout


@pytest.mark.parametrize("name", ["e1:3", "e2", "e2:1", "e1:", "e1:x", "e1:²"])
def test_what_is_not_in_the_library_ends_with_1(knowhow: Shell, library: StandIn, name: str) -> None:
    library.refuses(f"GET {E1}/versions/3", 404, "This entry has the versions 1, 2.")

    assert knowhow("entry", name).exit_code == 1


def test_a_version_that_is_not_there_is_answered_with_those_that_are(
    knowhow: Shell, library: StandIn
) -> None:
    library.refuses(f"GET {E1}/versions/3", 404, "This entry has the versions 1, 2.")

    assert "This entry has the versions 1, 2." in knowhow("entry", "e1:3").stderr


@pytest.mark.parametrize("name", ["e1", "e1:2"])
def test_an_entry_is_retired_with_a_reason(knowhow: Shell, house: StandIn, name: str) -> None:
    house.says(f"POST {E1}/retirement", RETIRED, 201)

    done = knowhow("retire", name, "--reason", "Outdated.")

    assert house.wish == {"reason": "Outdated."}
    assert done.stdout == "Names, always is retired: Outdated.\n"
    assert knowhow.lines("retire", name, "--reason", "Outdated.") == [RETIRED]


def test_retiring_needs_a_reason(knowhow: Shell, house: StandIn) -> None:
    assert knowhow("retire", "e1").exit_code == 2
    assert not house.asked


def test_a_retirement_that_the_house_refuses_ends_with_1(knowhow: Shell, house: StandIn) -> None:
    house.refuses(f"POST {E1}/retirement", 403, "You have no say over this entry's topics.")

    done = knowhow("retire", "e1", "--reason", "Old.")

    assert done.exit_code == 1
    assert "You have no say over this entry's topics." in done.stderr
