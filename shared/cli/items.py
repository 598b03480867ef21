"""Commands that find items and follow them."""

from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House, at
from shared.cli.options import ItemId, Limit, OneKind, OneTopic

Stage = Annotated[str | None, typer.Option("--stage", help="Only this stage, such as shared or published.")]

ITEM: show.Columns = {
    "id": lambda item: item["id"],
    "stage": lambda item: item["stage"],
    "kind": lambda item: item["kind"],
    "title": lambda item: item["title"],
    "topics": lambda item: item["topics"],
    "author": lambda item: item["author"]["name"],
}
STEP: show.Columns = {
    "when": lambda step: step["at"],
    "where": lambda step: step["service"],
    "what": lambda step: step["what"],
    "who": lambda step: step["who"],
}


def items(
    house: House, stage: Stage = None, kind: OneKind = None, topic: OneTopic = None, limit: Limit = 50
) -> None:
    """List items and where each is now, the newest first."""
    found = house.pages(at("discover", "items"), limit, stage=stage, kind=kind, topic=topic)
    show.listing(found, ITEM, as_json=house.as_json)


def item(house: House, item: ItemId) -> None:
    """Show one item whole."""
    found = house.get(at("discover", "items", item))
    if house.as_json:
        show.document(found)
    else:
        whole(found)


def whole(found: dict[str, Any]) -> None:
    """Print one item, review or entry for people: its fields, then its body."""
    show.details({name: value for name, value in found.items() if name != "body"})
    show.say(f"\n{found['body']}")


def journey(house: House, item: ItemId) -> None:
    """Tell what happened to an item, in order, and where and for whom it waits now."""
    told = house.get(at("discover", "items", item, "journey"))
    if house.as_json:
        show.document(told)
        return
    show.say(told["item"]["title"])
    show.listing(told["steps"], STEP, as_json=False)
    now = told["now"]
    show.say(f"Now {now['stage']}, since {now['since']}; waiting for {now['waiting_for'] or 'nobody'}.")
