"""An author changes an item, and takes it back."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.stand_in import StandIn
from tests.unit.cli.conftest import Shell

ONE = "/discover/items/one"
ITEM: dict[str, Any] = {
    "id": "one",
    "version": 2,
    "stage": "changes_requested",
    "kind": "trick",
    "title": "Names first",
    "body": "Ask for ${what}.",
    "topics": ["finance"],
    "variables": [],
    "author": {"attribution": "anonymous", "name": "Somebody"},
    "follows": None,
}
WHAT = {"name": "what", "default": None, "description": "Whatever it is"}
PROMPT = ITEM | {"kind": "prompt", "variables": [WHAT]}
CODES = {
    403: "Only its author may do this.",
    409: "It was withdrawn.",
    412: "It has changed since you read it.",
}


@pytest.fixture
def theirs(house: StandIn) -> StandIn:
    """The house, with an item of whoever asks."""
    return holding(house, ITEM)


def holding(house: StandIn, item: dict[str, Any]) -> StandIn:
    house.says(f"GET {ONE}", item, ETag='"2.changes_requested"')
    house.says(f"PATCH {ONE}", item | {"version": 3}, ETag='"3.captured"')
    house.says(f"DELETE {ONE}", status=204)
    return house


def deleted(house: StandIn) -> list[str]:
    return [asked.path for asked in house.asked if asked.method == "DELETE"]


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        (("--title", "T"), {"title": "T"}),
        (("--body", "B"), {"body": "B"}),
        (("--body", ""), {"body": ""}),
        (("--kind", "failure"), {"kind": "failure"}),
        (("--topic", "a", "--topic", "b/c"), {"topics": ["a", "b/c"]}),
        (("--tool", "chat"), {"tools": ["chat"]}),
    ],
)
def test_only_what_is_given_is_sent(
    knowhow: Shell, theirs: StandIn, said: tuple[str, ...], sent: dict[str, Any]
) -> None:
    assert [told["version"] for told in knowhow.lines("amend", "one", *said)] == [3]
    assert theirs.wish == sent


def test_a_change_is_made_to_what_was_read(knowhow: Shell, theirs: StandIn) -> None:
    done = knowhow("amend", "one", "--title", "T")

    assert [asked.method for asked in theirs.asked] == ["GET", "PATCH"]
    assert theirs.asked[-1].headers["if-match"] == '"2.changes_requested"'
    assert done.stdout == "Names first is now version 3.\n"


def test_a_change_to_what_it_says_already_is_told_as_none(knowhow: Shell, theirs: StandIn) -> None:
    theirs.says(f"PATCH {ONE}", ITEM)

    told = knowhow("amend", "one", "--title", "Names first").stdout

    assert told == "Names first says that already; it is still version 2.\n"


@pytest.mark.parametrize("status", CODES)
def test_a_change_that_the_house_refuses_ends_with_1_and_its_sentence(
    knowhow: Shell, theirs: StandIn, status: int
) -> None:
    theirs.refuses(f"PATCH {ONE}", status, CODES[status])

    done = knowhow("amend", "one", "--title", "T")

    assert done.exit_code == 1
    assert CODES[status] in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("command", [("amend", "one", "--title", "T"), ("withdraw", "one")])
@pytest.mark.usefixtures("at_a_terminal")
def test_what_somebody_else_has_withdrawn_is_left_alone(
    knowhow: Shell, house: StandIn, command: tuple[str, ...]
) -> None:
    house.refuses(f"GET {ONE}", 410, "Its author has withdrawn this item.")

    done = knowhow(*command)

    assert done.exit_code == 1
    assert "Its author has withdrawn this item." in done.stderr
    assert len(house.asked) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((), "Say what to change with --title, --body, --file, --kind, --topic or --tool."),
        (("--body", "B", "--file", "-"), "Give --body or --file, one of the two."),
    ],
)
def test_a_change_that_makes_no_sense_ends_with_2_and_asks_for_nothing(
    knowhow: Shell, house: StandIn, said: tuple[str, ...], told: str
) -> None:
    done = knowhow("amend", "one", *said)

    assert done.exit_code == 2
    assert told in done.stderr
    assert not house.asked


def test_a_file_says_what_to_change_and_options_go_first(knowhow: Shell, theirs: StandIn, home: Path) -> None:
    (home / "note.md").write_text("---\ntitle: Old\ntopics: [a]\n---\nBetter.\n", "utf-8")

    assert knowhow("amend", "one", "--file", "note.md", "--title", "New").exit_code == 0
    assert theirs.wish == {"title": "New", "topics": ["a"], "body": "Better."}


def test_a_new_body_is_read_from_standard_input(knowhow: Shell, theirs: StandIn) -> None:
    assert knowhow("amend", "one", "--file", "-", typed="Better.\n").exit_code == 0
    assert theirs.wish == {"body": "Better."}


def test_a_file_without_a_body_leaves_the_body(knowhow: Shell, theirs: StandIn) -> None:
    knowhow("amend", "one", "--file", "-", typed="---\ntitle: New\n---\n")

    assert theirs.wish == {"title": "New"}


def test_a_file_that_is_not_there_is_told(knowhow: Shell, house: StandIn) -> None:
    done = knowhow("amend", "one", "--file", "note.md")

    assert done.exit_code == 1
    assert "note.md cannot be read" in done.stderr
    assert not house.asked


def test_a_file_may_say_again_how_its_author_is_known(knowhow: Shell, theirs: StandIn) -> None:
    knowhow("amend", "one", "--file", "-", typed="---\nattribution: anonymous\n---\nBetter.\n")

    assert theirs.wish == {"body": "Better."}


def test_a_file_that_wants_its_author_known_otherwise_is_not_sent(knowhow: Shell, theirs: StandIn) -> None:
    done = knowhow("amend", "one", "--file", "-", typed="---\nattribution: named\n---\nBetter.\n")

    assert done.exit_code == 1
    assert "Take out of the file what cannot be changed: attribution." in done.stderr
    assert [asked.method for asked in theirs.asked] == ["GET"]


@pytest.mark.parametrize(
    ("item", "said", "blanks"),
    [
        (PROMPT, ("--body", "No ${what}, no ${why:reason}."), [WHAT, {"name": "why", "default": "reason"}]),
        (PROMPT, ("--body", "Nothing to fill in."), []),
        (PROMPT, ("--body", "Do ask for ${what}."), None),
        (PROMPT, ("--title", "T"), None),
        (PROMPT | {"variables": [{"name": "named by hand"}]}, ("--body", "Ask ${whom}."), None),
        (ITEM, ("--body", "Ask ${whom}."), None),
        (ITEM, ("--kind", "prompt"), [{"name": "what"}]),
    ],
    ids=["new", "none", "the same", "no body", "named by hand", "no prompt", "becomes a prompt"],
)
def test_the_blanks_of_a_prompt_follow_its_body(
    knowhow: Shell, house: StandIn, item: dict[str, Any], said: tuple[str, ...], blanks: Any
) -> None:
    holding(house, item)

    knowhow("amend", "one", *said)

    expected = blanks and [{name: text for name, text in one.items() if text} for one in blanks]
    assert house.wish.get("variables") == expected


@pytest.mark.usefixtures("at_a_terminal")
def test_an_item_is_withdrawn_when_its_author_is_sure(knowhow: Shell, theirs: StandIn) -> None:
    done = knowhow("withdraw", "one", typed="y\n")

    assert "It leaves the communities and the reviews" in done.stderr
    assert "Withdraw Names first?" in done.stderr
    assert done.stdout.endswith("It is withdrawn.\n")
    assert "communities" not in done.stdout
    assert deleted(theirs) == [ONE]


@pytest.mark.parametrize(("typed", "code"), [("n\n", 1), ("\n", 1), ("", 130)])
@pytest.mark.usefixtures("at_a_terminal")
def test_nothing_is_withdrawn_unless_its_author_is_sure(
    knowhow: Shell, theirs: StandIn, typed: str, code: int
) -> None:
    assert knowhow("withdraw", "one", typed=typed).exit_code == code
    assert not deleted(theirs)


def test_nobody_is_asked_where_the_answer_is_given(knowhow: Shell, theirs: StandIn) -> None:
    told = knowhow("withdraw", "one", "--yes").stdout

    assert told.startswith("It is withdrawn. It leaves the communities and the reviews")
    assert [asked.method for asked in theirs.asked] == ["DELETE"]
    assert knowhow.lines("withdraw", "one", "--yes") == [{"id": "one", "withdrawn": True}]


def test_a_script_must_say_that_it_is_sure(knowhow: Shell, theirs: StandIn) -> None:
    done = knowhow("withdraw", "one")

    assert done.exit_code == 2
    assert "Say --yes" in done.stderr
    assert not deleted(theirs)


def test_a_withdrawal_that_the_house_refuses_ends_with_1(knowhow: Shell, house: StandIn) -> None:
    house.refuses(f"DELETE {ONE}", 403, "Only its author may do this.")

    done = knowhow("withdraw", "one", "--yes")

    assert done.exit_code == 1
    assert "Only its author may do this." in done.stderr
