"""A prompt library in CSV becomes items without losing or changing what matters."""

from pathlib import Path
from typing import Any

import pytest

from shared.cli.importing.prompts_csv import read_csv
from shared.cli.importing.rows import Row, Unreadable
from shared.cli.importing.sources import read_all
from shared.cli.importing.variables import variables

SAMPLE = Path(__file__).parents[2] / "support" / "prompts_sample.csv"
HEADER = "act,prompt,for_devs,type,contributor\n"


def rows(text: str) -> list[Row]:
    return read_csv("library.csv", (HEADER + text).encode())


def wish(text: str) -> dict[str, Any]:
    return rows(text)[0].wish


def test_every_column_goes_to_its_place() -> None:
    assert wish("Minutes,List the decisions.,TRUE,STRUCTURED,mara") == {
        "kind": "prompt",
        "title": "Minutes",
        "body": "List the decisions.",
        "topics": ["engineering/structured-prompts"],
        "origin": "mara",
    }


def test_a_prompt_that_is_not_for_developers_is_general() -> None:
    assert wish("Minutes,List.,FALSE,TEXT,mara")["topics"] == ["general/text-prompts"]


def test_nobody_is_named_where_there_is_no_contributor() -> None:
    assert "origin" not in wish("Minutes,List.,FALSE,TEXT,")


def test_only_title_and_prompt_are_needed() -> None:
    (row,) = read_csv("library.csv", b"prompt,act\nList.,Minutes\n")

    assert row.wish == {"kind": "prompt", "title": "Minutes", "body": "List.", "topics": ["general"]}


def test_the_sample_is_read_with_all_its_oddities() -> None:
    read = read_all([SAMPLE])

    assert len(read) == 10
    assert {row.number: row.repeats for row in read if row.repeats} == {5: "row 4", 10: "row 1"}
    assert [row.number for row in read if "variables" in row.wish] == [1, 2, 3, 6, 8, 9, 10]
    assert not any(row.refused for row in read)


def test_quotes_line_ends_and_emoji_stay_as_they_are() -> None:
    read = {row.number: row.wish for row in read_all([SAMPLE])}

    assert read[1]["body"].endswith('wait for my answer.\n\nMy first sentence is "Hi".')
    assert read[3]["title"] == "Haiku 🌸 for a colleague"
    assert read[8]["body"].startswith('Say "yes, ""no""", then stop;')


def test_control_characters_are_taken_out_and_it_is_said() -> None:
    row = read_all([SAMPLE])[6]

    assert row.wish["body"] == "Build what these files describe.\nFILE:one.md\n# One\nFILE:two.md\n# Two"
    assert row.note == "4 control characters were taken out"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("for ${name}", [{"name": "name"}]),
        ("for ${name:Ada Lovelace}", [{"name": "name", "default": "Ada Lovelace"}]),
        ("${a} ${b:1} ${a}", [{"name": "a"}, {"name": "b", "default": "1"}]),
        ("${a} ${a:2} ${a:3}", [{"name": "a", "default": "2"}]),
        ("${when:at 10:30}", [{"name": "when", "default": "at 10:30"}]),
        ("${{ doubled }}", [{"name": "doubled"}]),
        ("${} ${ } $name {name} ${never closed", []),
    ],
)
def test_blanks_become_variables(body: str, found: list[dict[str, str]]) -> None:
    assert variables(body) == found


def test_a_field_may_be_larger_than_the_csv_module_expects() -> None:
    assert len(wish(f"Long,{'x' * 200_000},FALSE,TEXT,mara")["body"]) == 200_000


def test_a_prompt_over_256_kb_is_refused_by_its_size() -> None:
    (row,) = rows(f"Long,{'x' * 262_144},FALSE,TEXT,mara")

    assert not row.sendable
    assert "keep it under 262,144 (256 KB)" in row.refused


def test_a_row_with_missing_fields_does_not_hold_up_the_others() -> None:
    broken, whole = rows("Minutes,List.\nMinutes,List.,FALSE,TEXT,mara\n")

    assert broken.refused.startswith("It has 2 fields where the first line names 5")
    assert whole.sendable


def test_an_empty_prompt_is_refused_by_its_column() -> None:
    assert rows("Minutes,  ,FALSE,TEXT,mara")[0].refused == "The column prompt is empty; fill it in."


def test_empty_lines_are_no_rows() -> None:
    assert [row.number for row in rows("\nA,b,FALSE,TEXT,m\n\nC,d,FALSE,TEXT,m\n\n")] == [1, 2]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    (row,) = read_csv("library.csv", b"\xef\xbb\xbfact,prompt\nMinutes,List.\n")

    assert row.title == "Minutes"


def test_bad_utf8_is_told_with_its_line_byte_and_row() -> None:
    with pytest.raises(Unreadable, match=r"library\.csv: line 4, byte 22 .* is not UTF-8.* It is in row 2\."):
        read_csv("library.csv", b'act,prompt\nA,"b\nb"\nC,\xe9\n')


def test_an_open_quote_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable, match="the row that begins in line 3 is not valid CSV"):
        rows('A,b,FALSE,TEXT,m\nC,"never closed,FALSE,TEXT,m\n')


@pytest.mark.parametrize("text", ["", "title,body\n", "act\n"])
def test_a_table_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="must name the columns act and prompt"):
        read_csv("library.csv", text.encode())


def test_the_key_of_a_row_follows_from_file_row_and_wish() -> None:
    first, second = rows("A,b,FALSE,TEXT,m\nA,b,FALSE,TEXT,m\n")
    (elsewhere,) = rows("A,b,FALSE,TEXT,m\n")

    assert first.key() == rows("A,b,FALSE,TEXT,m\nA,b,FALSE,TEXT,m\n")[0].key()
    assert len({first.key(), second.key(), elsewhere.key()}) == 3


def test_repeats_are_found_over_several_files(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(HEADER + "A,same  words,FALSE,TEXT,m\n", "utf-8")

    _, repeat = read_all([tmp_path / "one.csv", tmp_path / "two.csv"])

    assert repeat.repeats == f"{tmp_path / 'one.csv'} row 1"
