"""What reaches a department while somebody watches."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from services.spread.domain.feed import Delivery
from services.spread.storage import SpreadStorage
from shared.storage.document import Document

PAUSE = 0.25
LOOK_BACK = timedelta(seconds=15)
"""What is delivered together bears the moment at which it was begun, and may be stored so much later."""


async def arrivals(
    storage: SpreadStorage, department: str, last: Document[Delivery] | None = None
) -> AsyncIterator[tuple[Document[Delivery], set[str]]]:
    """Each delivery from now on, or from the `last` one that somebody saw, with those of its page that are retired by now.

    After the last one that was seen, some that came together with it may come again.
    """
    since = last.known.delivered_at if last else datetime.now(UTC) - LOOK_BACK
    # What was there before somebody began to watch is no news to them.
    before = (last,) if last else (await storage.delivered_since(department, since)).documents
    seen = {document.id for document in before}
    while True:
        page = await storage.delivered_since(department, since)
        new = [document for document in page.documents if document.id not in seen]
        retired = await storage.retired({document.known.entry_id for document in new})
        for document in new:
            yield document, retired
        seen = {document.id for document in page.documents}
        more = page.documents[-1].known.delivered_at if page.after else datetime.now(UTC) - LOOK_BACK
        since = max(since, more)
        await asyncio.sleep(PAUSE)
