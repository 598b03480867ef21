"""The command that reads a department's feed, and follows it live."""

from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import typer

from shared.cli import show
from shared.cli.house import PAGE, House, at
from shared.cli.live import arriving
from shared.cli.options import Limit

Department = Annotated[str, typer.Argument(metavar="DEPARTMENT", help="Whose feed.")]
Follow = Annotated[bool, typer.Option("--follow", help="Go on showing what arrives, until Ctrl-C.")]

ENTRY: show.Columns = {
    "when": lambda one: one["date_published"],
    "id": lambda one: one["id"],
    "title": lambda one: one["title"],
    "because": lambda one: one["_knowhow"]["because"],
}


def feed(house: House, department: Department, *, follow: Follow = False, limit: Limit = 20) -> None:
    """Show what reached a department, the newest first; an id is that of the entry and its version."""
    if follow:
        _follow(house, department, limit)
    else:
        show.listing(_entries(house, department, limit), ENTRY, as_json=house.as_json)


def _entries(house: House, department: str, limit: int) -> Iterator[dict[str, Any]]:
    cursor, left = None, limit
    while True:
        wanted = min(left, PAGE) if limit else PAGE
        page = house.get(at("spread", "feeds", f"{department}.json"), limit=wanted, cursor=cursor)
        yield from page["items"]
        cursor, left = _cursor(page), left - len(page["items"])
        if cursor is None or (limit and left <= 0):
            return


def _cursor(page: dict[str, Any]) -> str | None:
    following = page.get("next_url")
    return httpx.URL(following).params.get("cursor") if following else None


def _follow(house: House, department: str, limit: int) -> None:
    seen: set[str] = set()

    def missed() -> list[dict[str, Any]]:
        return list(_entries(house, department, limit))[::-1]

    for entry in arriving(house, at("spread", "feeds", department, "live"), "entry", missed):
        if entry["id"] not in seen:
            seen.add(entry["id"])
            _tell(house, entry)


def _tell(house: House, entry: dict[str, Any]) -> None:
    if house.as_json:
        show.document(entry)
    else:
        show.say("  ".join(show.words(cell(entry)) for cell in ENTRY.values()))
