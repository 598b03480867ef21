"""A department's feed in the formats that readers know: JSON Feed 1.1 and Atom (RFC 4287)."""

import re
from collections.abc import Collection
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from services.spread.domain.feed import OPENING, Delivery
from shared.storage.document import Document

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no place for."""

ATOM = "http://www.w3.org/2005/Atom"


def feed_item(document: Document[Delivery], base: str, retired: Collection[str]) -> dict[str, Any]:
    """One delivery as an item of a JSON feed (https://www.jsonfeed.org/version/1.1/)."""
    known = document.known
    return {
        "id": f"{known.entry_id}:{known.version}",
        "url": _address(known, base),
        "title": _title(known, is_retired=known.entry_id in retired),
        "content_text": known.content.body[:OPENING],
        "date_published": known.delivered_at.isoformat(),
        "authors": [{"name": known.author}],
        "tags": [str(known.content.kind), *known.content.topics],
        "_knowhow": {
            "entry_id": known.entry_id,
            "version": known.version,
            "kind": known.content.kind,
            "because": list(known.because),
            "subscriptions": list(known.subscriptions),
            "retired": known.entry_id in retired,
        },
    }


def _title(known: Delivery, *, is_retired: bool) -> str:
    # Readers show little else, so that is where it must be said.
    return f"Retired: {known.content.title}" if is_retired else known.content.title


def _address(known: Delivery, base: str) -> str:
    return f"{base}codify/entries/{known.entry_id}/versions/{known.version}"


def json_feed(
    department: str, items: list[dict[str, Any]], base: str, next_url: str | None
) -> dict[str, Any]:
    """The feed as JSON; `next_url` leads to older items."""
    home = f"{base}spread/feeds/{department}.json"
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Know-how for {department}",
        "description": "Library entries that match what this department follows, each once per version.",
        "feed_url": home,
        "items": items,
    }
    return feed | ({"next_url": next_url} if next_url else {})


def atom_feed(
    department: str, documents: list[Document[Delivery]], base: str, retired: Collection[str]
) -> bytes:
    """The feed as Atom."""
    home = f"{base}spread/feeds/{department}.atom"
    updated = documents[0].known.delivered_at.isoformat() if documents else "1970-01-01T00:00:00+00:00"
    root = Element("feed", xmlns=ATOM)
    for name, text in (("id", home), ("title", f"Know-how for {department}"), ("updated", updated)):
        SubElement(root, name).text = NOT_IN_XML.sub(" ", text)
    SubElement(root, "link", rel="self", href=home)
    for document in documents:
        _add_entry(root, document.known, base, is_retired=document.known.entry_id in retired)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: Element, known: Delivery, base: str, *, is_retired: bool) -> None:
    entry = SubElement(root, "entry")
    texts = {
        "id": f"urn:knowhow:{known.entry_id}:{known.version}",
        "title": _title(known, is_retired=is_retired),
        "updated": known.delivered_at.isoformat(),
        "summary": f"{'; '.join(known.because)}\n\n{known.content.body[:OPENING]}",
    }
    for name, text in texts.items():
        SubElement(entry, name).text = NOT_IN_XML.sub(" ", text)
    SubElement(SubElement(entry, "author"), "name").text = NOT_IN_XML.sub(" ", known.author)
    SubElement(entry, "link", rel="alternate", href=_address(known, base))
    for tag in (str(known.content.kind), *known.content.topics):
        SubElement(entry, "category", term=tag)
