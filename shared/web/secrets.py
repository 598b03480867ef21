"""Finds credentials in what people send, before anything is stored, and never repeats them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.web.problems import FieldsRefused, Fieldwise

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin

GUESSES = {"Base64 High Entropy String", "Hex High Entropy String", "Secret Keyword", "Public IP (ipv4)"}
"""Detectors that go by looks alone; prompts are full of such text, so only named credentials count."""

HINT = re.compile(r"[\w/+=.-]{20}|//|[xX][oO][xX]|eyJ|BEGIN|PuTTY|AKC|AP[\dA-F]")
"""What every credential that a detector knows has in it: a long word, or one of these. Most texts have none, and looking for it
takes a sixth of the detectors' time."""

PIECE = 1000
OVERLAP = 200
"""Text is looked at in pieces, so that each credential is whole in one of them, or as much of it as a detector needs: with
some detectors the time grows with the square of what is looked at, and 256 kB of slashes took two minutes."""


@cache
def _detectors() -> "tuple[BasePlugin, ...]":
    # It brings an HTTP client that nobody needs, 5 MB in all; a service to which nobody writes does without.
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415

    kinds: Mapping[str, type[BasePlugin]] = get_mapping_from_secret_type_to_class()
    return tuple(kind() for name, kind in sorted(kinds.items()) if name not in GUESSES)


def refuse_secrets(fields: dict[str, Any]) -> None:
    """Do nothing if the fields hold no credentials.

    Raises:
        FieldsRefused: they do; each place is named by its JSON pointer and by what was found, without the secret.
    """
    texts = list(_texts("", fields))
    # Nearly all is in order, and one look at all of it together is quicker than one at each field.
    found = [] if not _kinds("\n".join(text for _, text in texts)) else list(_found(texts))
    if found:
        raise FieldsRefused(
            "Take out the credentials named in `errors` and send it again; nothing was stored.", found
        )


def _texts(pointer: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{pointer}/{name}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(f"{pointer}/{place}", inner)


def _found(texts: Iterable[tuple[str, str]]) -> Iterator[Fieldwise]:
    for pointer, text in texts:
        for kind in _kinds(text):
            yield Fieldwise(pointer=pointer, detail=f"This looks like a secret: {kind}.")


def _kinds(text: str) -> list[str]:
    if not HINT.search(text):
        return []
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE - OVERLAP)]
    return [detector.secret_type for detector in _detectors() if any(_sees(detector, one) for one in pieces)]


def _sees(detector: "BasePlugin", piece: str) -> bool:
    return any(True for _ in detector.analyze_string(piece))
