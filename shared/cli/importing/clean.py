"""Takes out what no reader can see and the house does not accept."""

import unicodedata

_ALLOWED = frozenset("\n\t\r")


def cleaned(text: str) -> tuple[str, int]:
    """The text without control characters, and how many there were; line ends and tabs stay."""
    kept = "".join(one for one in text if one in _ALLOWED or unicodedata.category(one) != "Cc")
    return kept, len(text) - len(kept)


def one_line(text: str) -> str:
    """The text on one line, without control characters and needless white space."""
    return " ".join(cleaned(text)[0].split())
