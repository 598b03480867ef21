"""Step 1: somebody captures what they know.

Hears   CaptureItem and UseKey, from discover's own API
Says    ItemCaptured
Next    services/share/steps/share_item.py
"""

from pydantic import BaseModel

from services.discover.domain.item import Item, Stage
from shared.contracts.base import Author, Content
from shared.contracts.discover import ItemCaptured
from shared.flow.step import Moment, Outcome, Refused, unchanged

_SHOWN_BEFORE = (
    "You captured this before with the attribution `{0}`, and its journey shows that; "
    "capture it with `{0}`, or change its body, which makes it an item of its own."
)


class CaptureItem(BaseModel):
    """The wish to capture; the id follows from person and content, so the same again finds the same item."""

    item_id: str
    content: Content
    content_sha256: str
    author: Author
    follows: str | None = None
    captured_with: str | None = None


class UseKey(BaseModel):
    """The wish to use an idempotency key for this request; both are digests."""

    key: str
    request: str


class UsedKey(BaseModel):
    """An idempotency key that was used, and for what."""

    request: str


def capture_item(item: Item | None, heard: CaptureItem, moment: Moment) -> Outcome[Item]:
    """Keep the item; capturing it again changes nothing, unless its author had withdrawn it meanwhile and asks anew.

    Raises:
        Refused: its author wishes to appear otherwise than everybody has seen.
    """
    if item and item.author.attribution is not heard.author.attribution:
        raise Refused(_SHOWN_BEFORE.format(item.author.attribution))
    if item and (item.stage is not Stage.WITHDRAWN or _is_the_first_request(item, heard)):
        return unchanged(item)
    captured = Item(
        **dict(heard),
        version=item.version + 1 if item else 1,
        captured_at=moment.now,
        since=moment.now,
    )
    return Outcome(captured, says=(announced(captured),))


def _is_the_first_request(item: Item, heard: CaptureItem) -> bool:
    return heard.captured_with is not None and heard.captured_with == item.captured_with


def announced(item: Item) -> ItemCaptured:
    """The announcement of a newly captured item."""
    return ItemCaptured(
        item_id=item.item_id,
        version=item.version,
        content=item.content,
        content_sha256=item.content_sha256,
        author=item.author,
        captured_at=item.captured_at,
        follows=item.follows,
    )


def use_key(used: UsedKey | None, heard: UseKey, _: Moment) -> Outcome[UsedKey]:
    """Remember what the key was used for; the same request may use it again.

    Raises:
        Refused: it was used for another request.
    """
    if used and used.request != heard.request:
        raise Refused("This Idempotency-Key was used for another request; send a new key with this one.", 422)
    return Outcome(UsedKey(request=heard.request))
