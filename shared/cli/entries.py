"""Commands about one entry of the library: read it, and take it out of use."""

from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House, at
from shared.cli.items import whole
from shared.cli.options import EntryId

Named = Annotated[
    str,
    typer.Argument(metavar="ENTRY[:VERSION]", help="The entry's id; without a version the newest is shown."),
]
Why = Annotated[str, typer.Option("--reason", help="Why; everybody who reads the entry reads it.")]


def entry(house: House, entry: Named) -> None:
    """Show a library entry whole, with what departments reported, and why it was retired if it was."""
    found = _read(house, *parted(entry))
    if house.as_json:
        show.document(found)
    else:
        whole(found)


def _read(house: House, entry_id: str, version: str | None) -> dict[str, Any]:
    found: dict[str, Any] = house.get(at("codify", "entries", entry_id))
    if version is None:
        return found
    published = house.get(at("codify", "entries", entry_id, "versions", version))
    return {**found, **published, "retired": found["retired"]}


def parted(name: str) -> tuple[str, str | None]:
    """An entry's id and the version after it, if there is one, as feeds name both in one."""
    entry_id, colon, version = name.rpartition(":")
    return (entry_id, version) if colon and version.isdecimal() else (name, None)


def retire(house: House, entry: EntryId, reason: Why) -> None:
    """Take an entry out of use, in all its versions; it stays readable, and doing so again changes nothing."""
    entry_id, _ = parted(entry)
    gone = house.post(at("codify", "entries", entry_id, "retirement"), {"reason": reason})
    show.answer(gone, f"{gone['title']} is retired: {gone['retired']}", as_json=house.as_json)
