"""Text as people send it: what could hide, disguise or break something is refused by name."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

ALLOWED_CONTROLS = "\n\t\r"
NONCHARACTER = 0xFFFE
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it holds control characters, lone surrogates or overrides of the writing direction.
    """
    for place, character in enumerate(text):
        if character in OVERRIDES:
            raise ValueError(f"Take out the writing-direction override at character {place + 1}.")
        if _is_control(character):
            raise ValueError(
                f"Take out the control character U+{ord(character):04X} at character {place + 1}."
            )
    return text


def _is_control(character: str) -> bool:
    # U+FFFE, U+FFFF and their like in the other planes are no characters, and XML cannot hold them.
    noncharacter = ord(character) & NONCHARACTER == NONCHARACTER
    return noncharacter or (
        unicodedata.category(character) in {"Cc", "Cs"} and character not in ALLOWED_CONTROLS
    )


def one_line(text: str) -> str:
    """The text without white space around it.

    Raises:
        ValueError: it is empty or has more than one line.
    """
    stripped = text.strip()
    if not stripped:
        raise ValueError("Write something here; it is empty.")
    if len(stripped.splitlines()) > 1:
        raise ValueError("Keep this to one line.")
    return stripped


def not_blank(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: there is nothing but white space.
    """
    if not text.strip():
        raise ValueError("Write something here; it is empty.")
    return text


Line = Annotated[str, Field(max_length=300), AfterValidator(plain), AfterValidator(one_line)]
Text = Annotated[str, Field(max_length=256 * 1024), AfterValidator(plain), AfterValidator(not_blank)]
Note = Annotated[str, Field(max_length=4000), AfterValidator(plain), AfterValidator(not_blank)]
