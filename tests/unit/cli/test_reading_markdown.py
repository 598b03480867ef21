"""Markdown with front matter becomes items, and what is wrong with it is said in a sentence with file and line."""

from pathlib import Path

import pytest

from shared.cli.importing.markdown import read_markdown
from shared.cli.importing.rows import Unreadable
from shared.cli.importing.sources import read_all

PAGE = """---
kind: failure
title: The table came back unsorted
topics: [data/tables]
tools: [chat assistant]
expected: Rows by date.
---

It sorted by name.
"""


def refusal(text: str) -> str:
    return read_markdown("note.md", text.encode()).refused


def test_front_matter_and_body_become_an_item() -> None:
    assert read_markdown("note.md", PAGE.encode()).wish == {
        "kind": "failure",
        "title": "The table came back unsorted",
        "topics": ["data/tables"],
        "tools": ["chat assistant"],
        "expected": "Rows by date.",
        "body": "It sorted by name.",
    }


def test_the_blanks_of_a_prompt_become_variables() -> None:
    row = read_markdown("note.md", b"---\nkind: prompt\ntitle: T\n---\nFor ${who:us}.")

    assert row.wish["variables"] == [{"name": "who", "default": "us"}]


def test_variables_that_a_page_names_itself_stay() -> None:
    page = (
        b"---\nkind: prompt\ntitle: T\nvariables: [{name: who, description: For whom}]\n---\nFor ${who:us}."
    )

    assert read_markdown("note.md", page).wish["variables"] == [{"name": "who", "description": "For whom"}]


def test_broken_yaml_is_told_with_file_and_line() -> None:
    assert refusal("---\nkind: prompt\ntitle: a: b\n---\nBody").startswith(
        "note.md, line 3: the front matter is not valid YAML (mapping values are not allowed here)"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\nkind: prompt\ntitel: T\n---\nBody", "the front matter has no field `titel`"),
        ("---\nkind: poem\ntitle: T\n---\nBody", "`kind` in the front matter: input should be 'prompt'"),
        (
            "---\nkind: trick\ntitle: 2026-01-31\n---\nBody",
            "`title` in the front matter: input should be a valid string",
        ),
        ("---\n- kind\n---\nBody", "write the front matter as fields"),
        ("---\nkind: trick\n---\nBody", "Give it a title in the front matter."),
        ("Only a body", "Say in the front matter what kind it is: prompt, trick"),
        ("---\nkind: trick\ntitle: T\n---\n", "Write something below the front matter."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, why: str) -> None:
    assert why in refusal(text)


def test_bad_utf8_is_told_with_line_and_byte() -> None:
    assert (
        "note.md: line 2, byte 5 of the file is not UTF-8" in read_markdown("note.md", b"---\n\xff").refused
    )


def test_a_directory_is_read_in_order_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/two.md", "a.markdown", "left-out.txt"):
        (tmp_path / name).write_text(PAGE.replace("name.", name), "utf-8")

    read = read_all([tmp_path])

    assert [Path(row.file).name for row in read] == ["a.markdown", "two.md"]


def test_one_bad_page_does_not_hold_up_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no front matter", "utf-8")
    (tmp_path / "b.md").write_text(PAGE, "utf-8")

    bad, good = read_all([tmp_path])

    assert bad.refused
    assert good.sendable


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("?", "utf-8")

    with pytest.raises(Unreadable, match=r"is neither \.csv nor \.md nor a directory"):
        read_all([tmp_path / "notes.txt"])
