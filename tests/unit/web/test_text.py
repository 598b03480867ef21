"""Text as people send it."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.discover.shown import WishedItem
from shared.web.text import OVERRIDES, Line, Note, Text, not_blank, one_line, plain


@pytest.mark.parametrize(
    "text",
    ["", "a\tb\r\nc", "ü 漢 🙂👩\u200d💻", "שלום", "مرحبا", "\u200e\u200f", "\u00ad", "\ufffd", "👩🏽"],
)
def test_plain_text_of_any_language_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_overrides_of_the_writing_direction_are_refused_by_place(character: str) -> None:
    with pytest.raises(ValueError, match="override at character 3"):
        plain(f"ab{character}c")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9b"])
def test_control_characters_are_refused_by_name_and_place(character: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X} at character 2"):
        plain(f"a{character}")


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(ValueError, match="U\\+D800"):
        plain("\ud800")


@given(st.text(st.characters(codec=None)))
def test_what_is_plain_holds_nothing_that_hides(text: str) -> None:
    try:
        kept = plain(text)
    except ValueError:
        return

    assert not set(OVERRIDES) & set(kept)
    assert {c for c in kept if unicodedata.category(c) in {"Cc", "Cs"}} <= set("\n\t\r")


def test_a_line_loses_white_space_around_it() -> None:
    assert one_line("  a line \n") == "a line"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\u2028b", "a\u2029b"])
def test_a_line_has_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        one_line(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0\u2003"])
def test_nothing_but_white_space_is_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        one_line(text)
    with pytest.raises(ValueError, match="empty"):
        not_blank(text)


def test_a_text_keeps_its_white_space() -> None:
    assert not_blank("  a\n") == "  a\n"


@pytest.mark.parametrize(("kind", "longest"), [(Line, 300), (Note, 4000), (Text, 256 * 1024)])
def test_every_kind_of_text_is_bounded(kind: Any, longest: int) -> None:
    checked: TypeAdapter[str] = TypeAdapter(kind)

    assert checked.validate_python("x" * longest)
    with pytest.raises(ValidationError):
        checked.validate_python("x" * (longest + 1))


TEXTS = ["title", "body", "model", "sample_output", "expected", "origin"]
WISH = {"kind": "prompt", "title": "Plain words", "body": "Say it plainly."}


@pytest.mark.parametrize("hidden", ["\u202e", "\x00", "\ud800"])
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_of_an_item_may_hide_something(name: str, hidden: str) -> None:
    with pytest.raises(ValidationError):
        WishedItem.model_validate(WISH | {name: f"a{hidden}"})


@pytest.mark.parametrize("hidden", ["\u202e", "\x00"])
@pytest.mark.parametrize("name", ["follows", "default"])
def test_neither_may_what_an_item_refers_to(name: str, hidden: str) -> None:
    wish = {"follows": hidden} if name == "follows" else {"variables": [{"name": "a", "default": hidden}]}

    with pytest.raises(ValidationError):
        WishedItem.model_validate(WISH | wish)
