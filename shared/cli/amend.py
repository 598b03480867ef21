"""Commands for the author of an item: change it, and take it back."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.capture import Body, OfKind, Title, Tools, page_of
from shared.cli.house import House, at, given
from shared.cli.importing.variables import variables
from shared.cli.options import ItemId, Topics
from shared.cli.stop import Code, Refused, Usage
from shared.contracts.base import Kind

File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        allow_dash=True,
        help="Markdown, with front matter or without; - for standard input.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")]

WHAT_HAPPENS = (
    "It leaves the communities and the reviews, and only you can read the item from then on; "
    "the library retires an entry that it became, and keeps it."
)


def amend(  # noqa: PLR0913, PLR0917 - every part that may be changed is an option.
    house: House,
    item: ItemId,
    title: Title = None,
    body: Body = None,
    file: File = None,
    kind: OfKind = None,
    topic: Topics = None,
    tool: Tools = None,
) -> None:
    """Change an item of your own, for instance when a curator asked for changes; what you leave out stays.

    Topics and tools that you give take the place of all that it has. Options go before what the file says.
    """
    if file and body is not None:
        raise Usage("Give --body or --file, one of the two.")
    said = given({"title": title, "body": body, "kind": kind, "topics": topic, "tools": tool})
    changes = (_page(file) if file else {}) | said
    if not changes:
        raise Usage("Say what to change with --title, --body, --file, --kind, --topic or --tool.")
    path = at("discover", "items", item)
    known, etag = house.read(path)
    now = house.patch(path, _with_blanks(_changeable(changes, known), known), etag)
    show.answer(now, _told(known, now), as_json=house.as_json)


def _told(known: dict[str, Any], now: dict[str, Any]) -> str:
    if now["version"] == known["version"]:
        return f"{now['title']} says that already; it is still version {now['version']}."
    return f"{now['title']} is now version {now['version']}."


def _page(file: Path) -> dict[str, Any]:
    # A file with nothing below its front matter leaves the body as it is.
    return {name: value for name, value in page_of(file).items() if value != ""}


def _changeable(changes: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The changes without what an item keeps for good: the file that it was captured from may say that again."""
    fixed = {"attribution": known["author"]["attribution"], "follows": known["follows"]}
    if other := [name for name, value in fixed.items() if changes.get(name, value) != value]:
        raise Refused(f"Take out of the file what cannot be changed: {' and '.join(other)}.")
    return {name: value for name, value in changes.items() if name not in fixed}


def _with_blanks(changes: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The changes with the blanks of a prompt's new body, unless its author has named the blanks."""
    now = known | changes
    named = known["kind"] == Kind.PROMPT and _blanks(known["variables"]) != _blanks(variables(known["body"]))
    if now["kind"] != Kind.PROMPT or named or "variables" in changes:
        return changes
    found = variables(now["body"])
    if _blanks(found) == _blanks(known["variables"]):
        return changes
    described = {one["name"]: one.get("description") for one in known["variables"]}
    return changes | {
        "variables": [given(one | {"description": described.get(one["name"])}) for one in found]
    }


def _blanks(of: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(one["name"], one.get("default")) for one in of]


def withdraw(house: House, item: ItemId, *, yes: Yes = False) -> None:
    """Take an item of your own back, wherever it is by now; doing so again changes nothing.

    It leaves the communities and the reviews; the library retires an entry that it became, and keeps it.
    """
    path = at("discover", "items", item)
    if not yes:
        _be_sure(house.get(path)["title"])
    house.delete(path)
    sentence = f"It is withdrawn. {WHAT_HAPPENS}" if yes else "It is withdrawn."
    show.answer({"id": item, "withdrawn": True}, sentence, as_json=house.as_json)


def _be_sure(title: str) -> None:
    if not sys.stdin.isatty():
        raise Usage("Say --yes; there is no terminal at which to ask whether you are sure.")
    show.note(WHAT_HAPPENS)
    try:
        sure = typer.confirm(f"Withdraw {show.visible(title)}?", err=True)
    except typer.Abort as stop:
        raise typer.Exit(Code.INTERRUPTED) from stop
    if not sure:
        raise Refused("Nothing was withdrawn.", "Not sure")
