"""Commands about what departments follow."""

from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House, at, given
from shared.cli.library import HIT
from shared.cli.options import Kinds, Limit

Department = Annotated[str, typer.Argument(metavar="DEPARTMENT", help="The department that follows.")]
OneDepartment = Annotated[str | None, typer.Argument(metavar="[DEPARTMENT]", help="Only this department's.")]
Subscription = Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="The subscription's id.")]
SomeTopics = Annotated[
    list[str],
    typer.Option("--topic", help="A topic, which takes in those under it; may be given repeatedly."),
]
Query = Annotated[str | None, typer.Option("--query", help="Only what has all these words.")]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what it would have brought in 90 days.")]

SUBSCRIPTION: show.Columns = {
    "id": lambda one: one["id"],
    "department": lambda one: one["department"],
    "topics": lambda one: one["topics"],
    "kinds": lambda one: one["kinds"],
    "text": lambda one: one["query"],
}


def subscribe(  # noqa: PLR0913 - each part of a subscription is an option.
    house: House,
    department: Department,
    *,
    topic: SomeTopics,
    kind: Kinds = None,
    query: Query = None,
    preview: Preview = False,
) -> None:
    """Let a department follow topics; the same again finds the subscription that exists."""
    wish = given({"topics": topic, "kinds": kind, "query": query})
    if preview:
        _preview(house, wish)
        return
    made = house.post(at("spread", "subscriptions"), {"department": department, **wish})
    follows = f"{department} follows {', '.join(made['topics'])}, by subscription {made['id']}."
    later = "Its feed gets what is published from now on; --preview shows what came before."
    show.answer(made, f"{follows} {later}", as_json=house.as_json)


def _preview(house: House, wish: dict[str, Any]) -> None:
    found = house.post(at("spread", "subscriptions", "preview"), wish)
    if house.as_json:
        show.document(found)
        return
    show.listing(found["items"], HIT, as_json=False)
    show.say(f"{found['total']} in the last 90 days.")


def subscriptions(house: House, department: OneDepartment = None, limit: Limit = 0) -> None:
    """List what departments follow."""
    found = house.pages(at("spread", "subscriptions"), limit, department=department)
    show.listing(found, SUBSCRIPTION, as_json=house.as_json)


def unsubscribe(house: House, subscription: Subscription) -> None:
    """Follow it no longer; what was delivered stays in the feed."""
    house.delete(at("spread", "subscriptions", subscription))
    show.answer({"id": subscription}, f"{subscription} is no longer followed.", as_json=house.as_json)
