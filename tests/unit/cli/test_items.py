"""Capturing, finding, following and vouching for items."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.responses import JSONResponse

from tests.support.stand_in import Asked, Shelf, StandIn
from tests.unit.cli.conftest import Shell

CAPTURE = "POST /discover/items"
ITEM: dict[str, Any] = {
    "id": "one",
    "version": 1,
    "stage": "shared",
    "waiting_for": "two who vouch",
    "kind": "trick",
    "title": "Names [first]",
    "body": "Ask for names\x1b[31m first.",
    "topics": ["engineering/testing"],
    "author": {"attribution": "named", "name": "Ada"},
}


@pytest.fixture
def shelf(house: StandIn) -> Shelf:
    made = Shelf()
    house.answers[CAPTURE] = made.capture
    return made


@pytest.fixture
def editor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that writes what stands in the file `typed` into the draft."""
    script = home / "editor.py"
    script.write_text("import shutil, sys; shutil.copy('typed', sys.argv[1])", "utf-8")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setattr("tempfile.tempdir", str(home))
    return home / "typed"


@pytest.mark.usefixtures("shelf")
def test_capturing_from_options_sends_what_is_said(knowhow: Shell, house: StandIn) -> None:
    said = (
        "--kind",
        "trick",
        "--title",
        "T",
        "--body",
        "B",
        "--topic",
        "a/b",
        "--tool",
        "chat",
        "--as",
        "anonymous",
    )

    (told,) = knowhow.lines("capture", *said)

    assert told["id"] == "item1"
    assert house.wish == {
        "kind": "trick",
        "title": "T",
        "body": "B",
        "topics": ["a/b"],
        "tools": ["chat"],
        "attribution": "anonymous",
    }
    assert house.asked[-1].headers["idempotency-key"]


def test_capturing_what_was_captured_before_says_what_of_it_does_not_count(
    knowhow: Shell, house: StandIn
) -> None:
    known = {"id": "item1", "stage": "shared", "kind": "trick", "title": "Known", "topics": ["a", "b"]}
    house.answers[CAPTURE] = JSONResponse(known)

    again = knowhow(
        "capture", "--kind", "trick", "--title", "Known", "--topic", "b", "--topic", "a", "--body", "B"
    )
    other = knowhow("capture", "--kind", "trick", "--title", "New", "--topic", "c", "--body", "B")

    assert again.stdout == "Known is shared, as item1.\n"
    assert "captured this before, as item1" in other.stdout
    assert "its title and its topics did not change" in " ".join(other.stdout.split())


def test_what_the_house_trims_of_a_first_capture_is_no_repetition(knowhow: Shell, house: StandIn) -> None:
    made = {"id": "item1", "stage": "captured", "kind": "trick", "title": "T", "topics": []}
    house.answers[CAPTURE] = JSONResponse(made, 201)

    done = knowhow("capture", "--kind", "trick", "--title", " T ", "--body", "B")

    assert done.stdout == "T is captured, as item1.\n"


@pytest.mark.usefixtures("shelf")
def test_capturing_from_a_file_lets_options_go_first(knowhow: Shell, house: StandIn, home: Path) -> None:
    (home / "note.md").write_text("---\nkind: prompt\ntitle: Old\n---\nFor ${who:us}.\n", "utf-8")

    knowhow("capture", "note.md", "--title", "New")

    assert house.wish["title"] == "New"
    assert house.wish["variables"] == [{"name": "who", "default": "us"}]


@pytest.mark.usefixtures("shelf")
def test_capturing_from_standard_input(knowhow: Shell, house: StandIn) -> None:
    assert knowhow("capture", "--kind", "trick", "--title", "T", typed="The body\n").exit_code == 0
    assert house.wish["body"] == "The body"


@pytest.mark.usefixtures("at_a_terminal", "shelf")
def test_capturing_from_the_editor(knowhow: Shell, house: StandIn, editor: Path) -> None:
    editor.write_text("---\nkind: trick\ntitle: T\n---\nTyped.\n", "utf-8")

    assert knowhow("capture").exit_code == 0
    assert house.wish["body"] == "Typed."


@pytest.mark.usefixtures("at_a_terminal")
def test_what_was_typed_is_kept_where_the_house_refuses_it(
    knowhow: Shell, shelf: Shelf, editor: Path, home: Path
) -> None:
    editor.write_text("---\nkind: trick\ntitle: T\n---\nAKIAEXAMPLE\n", "utf-8")

    done = knowhow("capture")

    (draft,) = home.glob("knowhow-*.md")
    assert done.exit_code == 1
    assert "AKIAEXAMPLE" in draft.read_text("utf-8")
    assert f"What you wrote is kept in {draft}" in done.stderr
    assert not shelf.items


def test_an_item_without_a_title_is_not_sent(knowhow: Shell, house: StandIn) -> None:
    done = knowhow("capture", "--body", "B")

    assert done.exit_code == 1
    assert "Say also its kind and its title." in done.stderr
    assert not house.asked


def test_lists_are_read_over_all_their_pages(knowhow: Shell, house: StandIn) -> None:
    def paged(asked: Asked) -> Any:
        house.says("GET /unused", {"items": [ITEM], "next": None if "cursor" in asked.query else "more"})
        return house.answers["GET /unused"]

    house.answers["GET /discover/items"] = paged

    assert len(knowhow.lines("items", "--limit", "0", "--topic", "engineering/testing")) == 2
    assert house.asked[-1].query == {"limit": "200", "cursor": "more", "topic": "engineering/testing"}


def test_a_list_that_is_cut_says_so(knowhow: Shell, house: StandIn) -> None:
    house.says("GET /discover/items", {"items": [ITEM], "next": "more"})

    done = knowhow("items", "--limit", "1")

    assert "There is more than" not in done.stdout
    assert "--limit 0 shows all" in done.stderr


def test_text_of_others_is_shown_as_it_is_and_steers_no_terminal(knowhow: Shell, house: StandIn) -> None:
    house.says("GET /discover/items/one", ITEM)

    shown = knowhow("item", "one").stdout

    assert "Names [first]" in shown
    assert "Ask for names\\x1b[31m first." in shown


def test_an_id_is_never_read_as_a_query(knowhow: Shell, house: StandIn) -> None:
    knowhow("item", "one/journey?x=1")

    assert house.asked[-1].path == "/discover/items/one/journey?x=1"
    assert house.asked[-1].query == {}


def test_a_journey_tells_each_step_and_where_it_waits(knowhow: Shell, house: StandIn) -> None:
    step = {"at": "2026-05-01T10:00:00Z", "service": "share", "what": "Shared with everyone", "who": None}
    now = {"stage": "shared", "waiting_for": "two who vouch", "since": "2026-05-01T10:00:00Z"}
    house.says("GET /discover/items/one/journey", {"item": ITEM, "now": now, "steps": [step]})

    shown = knowhow("journey", "one").stdout

    assert "Shared with everyone" in shown
    assert "Now shared, since 2026-05-01T10:00:00Z; waiting for two who vouch." in shown


@pytest.mark.parametrize(
    ("command", "route", "wish"),
    [
        (("endorse", "one", "--comment", "Good."), "endorsements", {"comment": "Good."}),
        (("endorse", "one"), "endorsements", {}),
        (("try", "one", "partly", "--note", "N"), "tries", {"outcome": "partly", "note": "N"}),
        (("nominate", "one", "--reason", "R"), "nominations", {"reason": "R"}),
    ],
)
def test_reactions_say_what_was_said(
    knowhow: Shell, house: StandIn, command: tuple[str, ...], route: str, wish: dict[str, str]
) -> None:
    house.says(f"POST /share/items/one/{route}", {"item_id": "one", "changed": True}, 201)

    assert knowhow.lines(*command) == [{"item_id": "one", "changed": True}]
    assert house.wish == wish


def test_many_items_are_nominated_at_once(knowhow: Shell, house: StandIn) -> None:
    house.says("POST /share/items/one/nominations", {"item_id": "one", "changed": True}, 201)
    house.refuses("POST /share/items/two/nominations", 409, "Nobody nominates their own item.")

    done = knowhow("nominate", "one", "two", "--reason", "R")

    assert done.exit_code == 1
    assert "Items put forward: 1; refused: 1." in done.stdout
    assert "Nobody nominates their own item." in done.stdout
    assert house.wish == {"reason": "R"}


def test_communities_are_created_joined_and_left(knowhow: Shell, house: StandIn) -> None:
    made = {"id": "testers", "name": "Testers", "kind": "topic_focused", "topics": ["t"], "members": 0}
    house.says("POST /share/communities", made, 201)
    house.says("PUT /share/communities/testers/members/me", status=204)
    house.says("DELETE /share/communities/testers/members/me", status=204)

    assert knowhow.lines("communities", "create", "Testers", "--topic", "t") == [made]
    assert knowhow("communities", "join", "testers").exit_code == 0
    assert knowhow("communities", "leave", "testers").exit_code == 0
