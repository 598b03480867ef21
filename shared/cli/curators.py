"""Commands about who has the say over which topics."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House, at, given
from shared.cli.keys import read_public
from shared.cli.options import Topics
from shared.cli.stop import Usage

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The curator's id.")]
Name = Annotated[str | None, typer.Option("--name", help="The curator's name, as everybody reads it.")]
Department = Annotated[str | None, typer.Option("--department", help="Where the curator works.")]
Everything = Annotated[bool, typer.Option("--all-topics", help="Give the say over everything.")]
Keys = Annotated[
    list[Path] | None,
    typer.Option("--key", help="A file with a key of theirs; only its public half is sent."),
]

CURATOR: show.Columns = {
    "id": lambda one: one["person"],
    "name": lambda one: one["name"],
    "topics": lambda one: [topic or "(all)" for topic in one["topics"]],
    "keys": lambda one: one["keys"],
}


def show_all(house: House) -> None:
    """List the curators, their topics and the names of their keys."""
    show.listing(house.pages(at("codify", "curators")), CURATOR, as_json=house.as_json)


def appoint(  # noqa: PLR0913 - each part of an appointment is an option.
    house: House,
    person: Person,
    *,
    name: Name = None,
    department: Department = None,
    topic: Topics = None,
    all_topics: Everything = False,
    key: Keys = None,
) -> None:
    """Give somebody the say over exactly these topics, with exactly these keys; others of theirs are taken away."""
    if all_topics == bool(topic):
        raise Usage("Name topics with --topic, or say --all-topics.")
    wish: dict[str, Any] = {"name": name or person, "topics": topic or [""], "department": department}
    wish |= {"keys": [read_public(file) for file in key or ()]}
    made = house.put(at("codify", "curators", person), given(wish))
    show.answer(made, f"{made['name']} has the say over {_topics(topic)}.", as_json=house.as_json)


def _topics(topics: list[str] | None) -> str:
    return ", ".join(topics) if topics else "everything"


def remove(house: House, person: Person) -> None:
    """Take all say from somebody, at once."""
    house.delete(at("codify", "curators", person))
    show.answer({"person": person}, f"{person} has no say any more.", as_json=house.as_json)
