"""Finds the blanks of a prompt: `${name}` and `${name:default}`."""

import re

# A doubled brace, as in ${{ name }}, is how some templates write the same.
_BLANK = re.compile(r"\$\{\{?([^{}:\n]{1,300})(?::([^{}]*))?\}")


def variables(body: str) -> list[dict[str, str]]:
    """The blanks in order, each once; where several have the same name, the first default counts."""
    found: dict[str, dict[str, str]] = {}
    for name, default in _BLANK.findall(body):
        _note(found, name.strip(), default.strip())
    return list(found.values())


def _note(found: dict[str, dict[str, str]], name: str, default: str) -> None:
    if name:
        variable = found.setdefault(name, {"name": name})
        if default:
            variable.setdefault("default", default)
