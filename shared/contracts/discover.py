"""What discover says: an item was captured, changed or withdrawn by its author."""

from datetime import datetime

from shared.contracts.base import Author, Content, Said

ITEMS = "knowhow.discover.items.v1"


class ItemCaptured(Said):
    """Somebody put what they know into words for the first time."""

    topic = ITEMS
    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author
    captured_at: datetime
    follows: str | None = None


class ItemAmended(Said):
    """The author changed the content; `version` counts up by one."""

    topic = ITEMS
    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author


class ItemWithdrawn(Said):
    """The author took the item back; nobody should pass it on."""

    topic = ITEMS
    item_id: str
    version: int
