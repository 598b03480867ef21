"""The know-how that both sides send round, the same for the same number, and the people who move it on."""

from hashlib import sha256
from typing import Final

from services.discover.steps.capture_item import CaptureItem
from shared.contracts.base import Attribution, Author, Content, Kind, Who
from shared.fingerprint import content_sha256

TOPIC: Final = "finance/invoicing"
DEPARTMENT: Final = "finance"
CHAMPION: Final = Who(id="chen", name="Chen", department="finance")
CURATOR: Final = Who(id="tomas", name="Tomas", department="quality")
REASON: Final = "Clear, and tested by two teams."
TEXT: Final = (
    "Match the invoice below to its purchase order, line by line. Show ordered and invoiced quantities and prices in "
    "a table, mark every difference, and say at the end which lines somebody should look at, and why. Where a line "
    "has no counterpart, say so; never guess a number. ${invoice} ${purchase_order}"
)


def content(number: int) -> Content:
    """What an item says: half a page, as a prompt is."""
    title = f"Match a supplier invoice to its purchase order, way {number}"
    return Content(kind=Kind.PROMPT, title=title, body=f"{TEXT} ({number})", topics=(TOPIC,), tools=("chat",))


def captured(number: int) -> CaptureItem:
    """The wish to capture it."""
    identity = sha256(f"item {number}".encode()).hexdigest()[:26]
    said = content(number)
    whose = Author(
        attribution=Attribution.NAMED,
        name="Ada",
        person="ada",
        proof=sha256(identity.encode()).hexdigest(),
    )
    return CaptureItem(item_id=identity, content=said, content_sha256=content_sha256(said), author=whose)
