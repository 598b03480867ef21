"""Finds credentials in what people send, before anything is stored, and never repeats them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import BasePlugin

from shared.web.problems import FieldsRefused, Fieldwise

GUESSES = {"Base64 High Entropy String", "Hex High Entropy String", "Secret Keyword", "Public IP (ipv4)"}
"""Detectors that go by looks alone; prompts are full of such text, so only named credentials count."""


@cache
def _detectors() -> tuple[BasePlugin, ...]:
    kinds: Mapping[str, type[BasePlugin]] = get_mapping_from_secret_type_to_class()
    return tuple(kind() for name, kind in sorted(kinds.items()) if name not in GUESSES)


def refuse_secrets(fields: dict[str, Any]) -> None:
    """Do nothing if the fields hold no credentials.

    Raises:
        FieldsRefused: they do; each place is named by its JSON pointer and by what was found, without the secret.
    """
    found = list(_found("", fields))
    if found:
        raise FieldsRefused(
            "Take out the credentials named in `errors` and send it again; nothing was stored.", found
        )


def _found(pointer: str, value: Any) -> Iterator[Fieldwise]:
    if isinstance(value, str):
        yield from (
            Fieldwise(pointer=pointer, detail=f"This looks like a secret: {kind}.") for kind in _kinds(value)
        )
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _found(f"{pointer}/{name}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _found(f"{pointer}/{place}", inner)


def _kinds(text: str) -> list[str]:
    lines = text.splitlines()
    return [detector.secret_type for detector in _detectors() if any(_hits(detector, line) for line in lines)]


def _hits(detector: BasePlugin, line: str) -> bool:
    return any(True for _ in detector.analyze_string(line))
