"""Commands about communities: who shares what with whom."""

from enum import StrEnum
from typing import Annotated

import typer

from shared.cli import show
from shared.cli.house import House, at
from shared.cli.options import Topics


class Reach(StrEnum):
    """Whom a community is for."""

    COMPANY_WIDE = "company_wide"
    TOPIC_FOCUSED = "topic_focused"


Name = Annotated[str, typer.Argument(help="What to call it.")]
For = Annotated[Reach, typer.Option("--kind", help="Whom it is for.")]
Community = Annotated[str, typer.Argument(metavar="COMMUNITY", help="The community's id.")]

COMMUNITY: show.Columns = {
    "id": lambda one: one["id"],
    "name": lambda one: one["name"],
    "kind": lambda one: one["kind"],
    "topics": lambda one: one["topics"],
    "members": lambda one: one.get("members"),
}


def show_all(house: House) -> None:
    """List all communities."""
    show.listing(house.pages(at("share", "communities")), COMMUNITY, as_json=house.as_json)


def create(house: House, name: Name, topic: Topics = None, kind: For = Reach.TOPIC_FOCUSED) -> None:
    """Found a community; founding it again finds it."""
    wish = {"name": name, "topics": topic or [], "kind": kind.value}
    made = house.post(at("share", "communities"), wish)
    show.answer(made, f"{made['name']} is there, as {made['id']}.", as_json=house.as_json)


def join(house: House, community: Community) -> None:
    """Join a community; you may be in it already."""
    house.put(at("share", "communities", community, "members", "me"))
    show.answer({"community": community, "member": True}, f"You are in {community}.", as_json=house.as_json)


def leave(house: House, community: Community) -> None:
    """Leave a community; you need not have been in it."""
    house.delete(at("share", "communities", community, "members", "me"))
    show.answer({"community": community, "member": False}, f"You left {community}.", as_json=house.as_json)
