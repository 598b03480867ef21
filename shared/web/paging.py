"""Pages of a list: opaque cursors, and the Link header (RFC 8288)."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query as Parameter
from fastapi import Request, Response
from pydantic import BaseModel

from shared.flow.step import Refused
from shared.storage.document import Document
from shared.storage.documents import Page

Shown = TypeVar("Shown")
Limit = Annotated[int, Parameter(ge=1, le=200, description="How many to show.")]
Cursor = Annotated[str | None, Parameter(max_length=500, description="`next` of the page before.")]
UNUSABLE = "Use the `next` of a page as cursor, unchanged."
LARGEST = 2**63
"""No number that a page ends with is larger."""

After = tuple[Any, str] | None


class Listing(BaseModel, Generic[Shown]):
    """One page of a list; `next` is the cursor of the page behind it, or null at the end."""

    items: list[Shown]
    next: str | None = None


def listing(
    page: Page[Any], show: Callable[[Document[Any]], Shown], request: Request, response: Response
) -> Listing[Shown]:
    """The page as people see it, with a Link to the next one."""
    cursor = encode(page.after) if page.after else None
    if cursor:
        response.headers["Link"] = f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'
    return Listing[Shown](items=[show(document) for document in page.documents], next=cursor)


def encode(after: tuple[Any, str]) -> str:
    """A page's end as an opaque text."""
    value, key = after
    kind = "t" if isinstance(value, datetime) else "v"
    packed = [kind, value.isoformat() if isinstance(value, datetime) else value, key]
    return base64.urlsafe_b64encode(json.dumps(packed).encode()).decode()


def decode(cursor: str | None) -> After:
    """The page's end out of a cursor.

    Raises:
        Refused: this is no cursor of ours.
    """
    if not cursor:
        return None
    try:
        kind, value, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        after = (datetime.fromisoformat(value).astimezone(UTC) if kind == "t" else value), key
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise Refused(UNUSABLE, status=422) from error
    if not _is_ours(after[0]) or not _is_text(key):
        raise Refused(UNUSABLE, status=422)
    return after


def _is_ours(value: object) -> bool:
    return isinstance(value, datetime) or _is_text(value) or (type(value) is int and abs(value) <= LARGEST)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)
