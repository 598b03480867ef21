"""Spread's search index: what is in it, and how it is asked. Structured queries only."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Wanted
from services.spread.domain.topics import with_ancestors
from shared.storage.document import Document
from shared.storage.search import Indexed

MOST_WORDS = 20
"""Words of a text that count, so that nobody can ask too much of the server."""

WORD = re.compile(r"\w+")
MOST_SPELLINGS = 16
"""Spellings that a word is looked for in: so many of each word in three fields stay below the 1,024 clauses that a query may have."""

BODY = 32_000

TEXT = {"type": "text", "analyzer": "words"}
ANALYSIS: dict[str, Any] = {
    "analyzer": {
        "words": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding", "stems"]}
    },
    "filter": {"stems": {"type": "stemmer", "language": "light_english"}},
}
MATCHED: dict[str, Any] = {
    "title": TEXT,
    "opening": TEXT,
    "topics": {"type": "keyword"},
    "kind": {"type": "keyword"},
}
"""The fields that a subscription's query may name."""

ENTRIES_INDEX: dict[str, Any] = {
    "settings": {"analysis": ANALYSIS},
    "mappings": {
        "dynamic": "strict",
        "properties": MATCHED
        | {
            "body": TEXT,
            "own_topics": {"type": "keyword"},
            "version": {"type": "integer"},
            "retired": {"type": "boolean"},
            "published_at": {"type": "date"},
        },
    },
}
MATCHED_INDEX: dict[str, Any] = {
    "settings": {"analysis": ANALYSIS},
    "mappings": {"dynamic": "strict", "properties": MATCHED},
}
QUERIES_INDEX: dict[str, Any] = {
    "settings": {"analysis": ANALYSIS},
    "mappings": {
        "dynamic": "strict",
        "properties": MATCHED | {"query": {"type": "percolator"}, "id": {"type": "keyword"}},
    },
}


def indexed(document: Document[SpreadEntry]) -> Indexed:
    """An entry as the index holds it."""
    entry = document.known
    source = matched_fields(entry) | {
        "body": entry.content.body[:BODY],
        "own_topics": list(entry.content.topics),
        "version": entry.version,
        "retired": entry.retired,
        "published_at": entry.published_at.isoformat(),
    }
    return Indexed(entry.entry_id, entry.version, source)


def matched_fields(entry: SpreadEntry) -> dict[str, Any]:
    """What subscriptions are matched against: title, opening, topics with all that take them in, and kind."""
    topics = list(with_ancestors(entry.content.topics))
    return {
        "title": entry.content.title,
        "opening": entry.opening,
        "topics": topics,
        "kind": entry.content.kind,
    }


def words(text: str) -> str:
    """The text, cut to as many words as count; a word ends wherever the analyzer begins another."""
    ends = [word.end() for word in islice(WORD.finditer(text), MOST_WORDS)]
    rest = text if len(ends) < MOST_WORDS else text[: ends[-1]]
    return " ".join(rest.split())


def text_clause(text: str) -> dict[str, Any]:
    """All the words, in title or opening."""
    return {
        "multi_match": {
            "query": words(text),
            "type": "cross_fields",
            "fields": ["title", "opening"],
            "operator": "and",
            "analyzer": "words",
        }
    }


def wanted_clauses(wanted: Wanted) -> list[dict[str, Any]]:
    """A subscription as the clauses of a query, the required keyword first."""
    clauses: list[dict[str, Any]] = [{"terms": {"topics": list(wanted.topics)}}]
    if wanted.kinds:
        clauses.append({"terms": {"kind": [str(kind) for kind in wanted.kinds]}})
    if wanted.query:
        clauses.append(text_clause(wanted.query))
    return clauses


def preview_body(wanted: Wanted, since: str, size: int) -> dict[str, Any]:
    """What a subscription would have matched since then."""
    recent = [{"range": {"published_at": {"gte": since}}}, {"term": {"retired": False}}]
    query = {"bool": {"filter": [*wanted_clauses(wanted), *recent]}}
    return {"query": query, "sort": [{"published_at": "desc"}], "size": size, "track_total_hits": True}


def search_body(text: str, filters: Mapping[str, str | None], start: int, size: int) -> dict[str, Any]:
    """A person's search: ranked, forgiving of spelling, with highlights and facets."""
    asked = [{"term": {name: value}} for name, value in filters.items() if value]
    must: Sequence[Any] = [_forgiving(text)] if text.strip() else []
    return {
        "query": {"bool": {"must": must, "filter": [{"term": {"retired": False}}, *asked]}},
        "sort": ["_score", {"published_at": "desc"}],
        "highlight": {"fields": {"title": {}, "body": {"fragment_size": 160, "number_of_fragments": 2}}},
        "aggs": {
            "topics": {"terms": {"field": "topics", "size": 50}},
            "kinds": {"terms": {"field": "kind", "size": 10}},
        },
        "from": start,
        "size": size,
        "track_total_hits": True,
    }


def _forgiving(text: str) -> dict[str, Any]:
    fields = ["title^3", "opening^2", "body"]
    spelling = {"fuzziness": "AUTO", "prefix_length": 1, "max_expansions": MOST_SPELLINGS}
    return {"multi_match": {"query": words(text), "fields": fields} | spelling}
