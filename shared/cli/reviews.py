"""The command that shows what waits for a curator, and the filter that deciding uses too."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House, at
from shared.cli.items import whole
from shared.cli.options import Limit, OneKind, OneTopic
from shared.contracts.base import Kind

Item = Annotated[str | None, typer.Argument(metavar="[ITEM]", help="Show the review of this item whole.")]
State = Annotated[str, typer.Option("--state", help="Only reviews in this state.")]
Words = Annotated[str | None, typer.Option("--text", help="Only with this text in title or body.")]

REVIEW: show.Columns = {
    "id": lambda one: one["item_id"],
    "state": lambda one: one["state"],
    "kind": lambda one: one["kind"],
    "title": lambda one: one["title"],
    "topics": lambda one: one["topics"],
    "waiting since": lambda one: one["opened_at"],
}


@dataclass(frozen=True)
class Filter:
    """Which reviews are meant; a topic takes in those under it, text is compared without regard to case."""

    topic: str | None = None
    kind: Kind | None = None
    text: str | None = None

    def fits(self, review: dict[str, Any]) -> bool:
        """True where everything that is asked for is there."""
        return self._topic_fits(review) and self._kind_fits(review) and self._text_fits(review)

    def _topic_fits(self, review: dict[str, Any]) -> bool:
        return self.topic is None or any(f"{one}/".startswith(f"{self.topic}/") for one in review["topics"])

    def _kind_fits(self, review: dict[str, Any]) -> bool:
        return self.kind is None or review["kind"] == self.kind

    def _text_fits(self, review: dict[str, Any]) -> bool:
        said = f"{review['title']}\n{review['body']}".casefold()
        return self.text is None or self.text.casefold() in said


def reviews(  # noqa: PLR0913, PLR0917 - each filter is an option.
    house: House,
    item: Item = None,
    state: State = "open",
    topic: OneTopic = None,
    kind: OneKind = None,
    text: Words = None,
    limit: Limit = 0,
) -> None:
    """List what waits for a curator, the longest waiting first, or show one review whole."""
    if item:
        _one(house, item)
        return
    chosen = Filter(topic, kind, text)
    found = (one for one in house.pages(at("codify", "reviews"), state=state) if chosen.fits(one))
    first = (one for place, one in enumerate(found) if not limit or place < limit)
    show.listing(first, REVIEW, as_json=house.as_json)


def _one(house: House, item: str) -> None:
    found = house.get(at("codify", "reviews", item))
    if house.as_json:
        show.document(found)
    else:
        whole(found)
