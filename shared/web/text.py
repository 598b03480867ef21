"""Text as people send it: what could hide, disguise or break something is refused by name."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
"""Control characters but for line ends and tabulators, and lone surrogates, as ranges of a regular expression."""

NONCHARACTERS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
"""The last two code points of each plane: they are no characters, and XML cannot hold them."""

OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNWANTED = re.compile(f"[{CONTROLS}{NONCHARACTERS}{OVERRIDES}]")


def plain(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it holds control characters, lone surrogates or overrides of the writing direction.
    """
    if (found := UNWANTED.search(text)) is None:
        return text
    place = f"at character {found.start() + 1}"
    if found[0] in OVERRIDES:
        raise ValueError(f"Take out the writing-direction override {place}.")
    raise ValueError(f"Take out the control character U+{ord(found[0]):04X} {place}.")


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
