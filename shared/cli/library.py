"""Commands that use the library: search it, and report what came of an entry."""

from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.entries import parted
from shared.cli.house import House, at, given
from shared.cli.options import Department, EntryId, Note, OneKind, OneTopic, Outcome
from shared.cli.stop import Usage

Words = Annotated[list[str] | None, typer.Argument(metavar="[WORD]...", help="What to look for.")]
Most = Annotated[int, typer.Option("--limit", min=1, max=200, help="How many at most.")]
Learned = Annotated[str | None, typer.Option("--learned", help="What you learnt; it becomes a new item.")]

HIT: show.Columns = {
    "id": lambda hit: hit["entry_id"],
    "version": lambda hit: hit["version"],
    "kind": lambda hit: hit["kind"],
    "title": lambda hit: hit["title"],
    "topics": lambda hit: hit["topics"],
}


def search(
    house: House, words: Words = None, topic: OneTopic = None, kind: OneKind = None, limit: Most = 20
) -> None:
    """Search the library; spelling is forgiven, and a topic takes in those under it."""
    asked = {"q": " ".join(words or ()), "topic": topic, "kind": kind, "limit": limit}
    found = house.get(at("spread", "search"), **asked)
    if house.as_json:
        show.document(found)
    else:
        _tell(found)


def _tell(found: dict[str, Any]) -> None:
    show.listing(found["items"], HIT, as_json=False)
    for name, counts in found["facets"].items():
        if counts:
            show.say(f"{name}: {', '.join(f'{value} ({number})' for value, number in counts.items())}")
    show.say(f"{len(found['items'])} of {found['total']} shown.")


def adopt(  # noqa: PLR0913, PLR0917 - each part of a report is an option.
    house: House,
    entry: EntryId,
    outcome: Outcome,
    department: Department = None,
    note: Note = None,
    learned: Learned = None,
) -> None:
    """Report what came of a library entry in your department; doing so again changes nothing."""
    where = department or house.person().get("department")
    if not where:
        raise Usage("Say for which --department; your token does not.")
    wish = given({"department": where, "outcome": outcome.value, "note": note, "learned": learned})
    entry_id, _ = parted(entry)
    told = house.post(at("spread", "entries", entry_id, "adoptions"), wish)
    new = f" What you learnt is item {told['learned_as']}." if told.get("learned_as") else ""
    show.answer(told, f"It is reported for {where}.{new}", as_json=house.as_json)
