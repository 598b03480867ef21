"""`python deploy/image/requirements.py`: the part of the lock file that production needs, with its hashes.

Packages of development and of the embedded servers stay out, and so does what a package asks for but never loads here.
"""

import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[2]
NEVER_LOADED: Final = ("opensearch-protobufs", "rich", "typer")
"""OpenSearch over gRPC, which would bring grpcio and protobuf along, and what only the command `knowhow` needs."""

_ENTRY: Final = re.compile(r"^(?=[a-z0-9])", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_BECAUSE: Final = re.compile(r"^ +# +(?:via )?([a-z0-9._-]+)", re.MULTILINE)


def production(lock: str, direct: Iterable[str], without: Collection[str] = NEVER_LOADED) -> str:
    """The lock file's entries for these requirements and all that they need, unchanged."""
    entries = {_name(entry): entry for entry in _ENTRY.split(lock)[1:]}
    needed = _with_needs({_name(one) for one in direct} - set(without), _needs(entries), without)
    return "".join(entry for name, entry in entries.items() if name in needed)


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0].lower() if found else ""


def _needs(entries: Mapping[str, str]) -> dict[str, set[str]]:
    # The lock file says of each package because of whom it is there.
    needs: dict[str, set[str]] = {}
    for name, entry in entries.items():
        for because in _BECAUSE.findall(entry):
            needs.setdefault(because, set()).add(name)
    return needs


def _with_needs(names: set[str], needs: Mapping[str, set[str]], without: Collection[str]) -> set[str]:
    found: set[str] = set()
    while names:
        found |= names
        names = {need for name in names for need in needs.get(name, ())} - found - set(without)
    return found


def main() -> None:
    """Print them."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    sys.stdout.write(production((TOP / "requirements.lock").read_text("utf-8"), project["dependencies"]))


if __name__ == "__main__":
    main()
