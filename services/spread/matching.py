"""Which subscriptions an entry matches: one meaning, and two ways for two kinds of servers."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import RequestError

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription
from services.spread.index import matched_fields, text_clause, wanted_clauses
from shared.storage.search import Index, Indexed

CANDIDATES = 100
"""Queries that one reverse search holds; OpenSearch allows 1,024 clauses in all."""

PAGE = 1000
"""Matches that one percolation answers with; there may be many pages."""


class Matcher(Protocol):
    """Finds the subscriptions that entries match."""

    async def learn(self, subscriptions: Sequence[Indexed]) -> None:
        """Take over subscriptions, visible at once; doing it again changes nothing."""

    async def match(
        self, entries: Sequence[SpreadEntry], fitting: Sequence[Sequence[Subscription]]
    ) -> list[list[Subscription]]:
        """Of each entry's subscriptions whose topics and kinds fit, those whose text matches too."""


class ReverseSearch:
    """Asks an index of entry versions, restricted to one of them, which of the subscriptions' queries match it.

    For servers without a percolator, and houses with some hundreds of subscriptions to a topic. The index is its own,
    because the index of entries may hold a later version already; nothing in it is needed after a match.
    """

    def __init__(self, client: AsyncOpenSearch, matched: Index) -> None:
        self.client = client
        self.matched = matched

    async def learn(self, subscriptions: Sequence[Indexed]) -> None:
        """Nothing: subscriptions come with each question."""

    async def match(
        self, entries: Sequence[SpreadEntry], fitting: Sequence[Sequence[Subscription]]
    ) -> list[list[Subscription]]:
        """As the protocol says."""
        matched = [[one for one in candidates if not one.wanted.query] for candidates in fitting]
        asked = [
            (place, chunk)
            for place, candidates in enumerate(fitting)
            for chunk in _chunks([one for one in candidates if one.wanted.query])
        ]
        await self.matched.write([_version(entries[place]) for place in {place for place, _ in asked}])
        bodies = [self._body(entries[place], chunk) for place, chunk in asked]
        for (place, chunk), names in zip(
            asked, await _ask(self.client, self.matched.alias, bodies), strict=True
        ):
            matched[place] += [one for one in chunk if one.subscription_id in names]
        return matched

    def _body(self, entry: SpreadEntry, candidates: Sequence[Subscription]) -> dict[str, Any]:
        named = [
            {"bool": {"must": [text_clause(one.wanted.query or "")], "_name": one.subscription_id}}
            for one in candidates
        ]
        only = {"ids": {"values": [_version(entry).id]}}
        return {
            "query": {"bool": {"filter": [only], "should": named, "minimum_should_match": 1}},
            "_source": False,
        }


def _version(entry: SpreadEntry) -> Indexed:
    return Indexed(f"{entry.entry_id}:{entry.version}", 1, matched_fields(entry))


async def _ask(client: AsyncOpenSearch, alias: str, bodies: Sequence[Mapping[str, Any]]) -> list[set[str]]:
    if not bodies:
        return []
    lines = [line for body in bodies for line in ({"index": alias}, body)]
    answers = (await client.msearch(body=lines))["responses"]
    for answer in answers:
        if "error" in answer:
            raise RuntimeError(f"OpenSearch could not match an entry: {answer['error']}")
    return [
        {name for hit in answer["hits"]["hits"] for name in hit.get("matched_queries", ())}
        for answer in answers
    ]


def _chunks(candidates: Sequence[Subscription]) -> list[Sequence[Subscription]]:
    return [candidates[start : start + CANDIDATES] for start in range(0, len(candidates), CANDIDATES)]


class Percolator:
    """Asks the index of subscriptions which of its stored queries match an entry: one entry a request, many requests at once.

    https://docs.opensearch.org/latest/query-dsl/specialized/percolate/
    """

    def __init__(self, client: AsyncOpenSearch, queries: Index) -> None:
        self.client = client
        self.queries = queries

    async def learn(self, subscriptions: Sequence[Indexed]) -> None:
        """Store the subscriptions' queries."""
        await self.queries.write(subscriptions)

    async def match(
        self, entries: Sequence[SpreadEntry], fitting: Sequence[Sequence[Subscription]]
    ) -> list[list[Subscription]]:
        """As the protocol says; what the server finds counts only among the subscriptions that fit now."""
        found = [await self._all(entry) for entry in entries]
        return [
            [one for one in candidates if one.subscription_id in names]
            for candidates, names in zip(fitting, found, strict=True)
        ]

    async def _all(self, entry: SpreadEntry) -> set[str]:
        names: set[str] = set()
        after: list[Any] | None = None
        while True:
            answer = await self.client.search(index=self.queries.alias, body=_percolation(entry, after))
            hits = answer["hits"]["hits"]
            names |= {hit["_id"] for hit in hits}
            if len(hits) < PAGE:
                return names
            after = hits[-1]["sort"]


def _percolation(entry: SpreadEntry, after: list[Any] | None) -> dict[str, Any]:
    query = {"percolate": {"field": "query", "document": matched_fields(entry)}}
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [query]}},
        "size": PAGE,
        "sort": ["id"],
        "_source": False,
    }
    return body | ({"search_after": after} if after else {})


def stored_query(subscription: Subscription, version: int) -> Indexed:
    """A subscription as the percolator holds it; a removed one matches nothing."""
    clauses = [{"match_none": {}}] if subscription.removed else wanted_clauses(subscription.wanted)
    source = {"id": subscription.subscription_id, "query": {"bool": {"filter": clauses}}}
    return Indexed(subscription.subscription_id, version, source)


async def has_percolator(client: AsyncOpenSearch, queries: Index) -> bool:
    """True where the server percolates; asked of the server itself.

    Raises:
        RequestError: it could, but `search.allow_expensive_queries` forbids it.
    """
    entry = {"percolate": {"field": "query", "document": {"title": "a"}}}
    try:
        await client.search(index=queries.alias, body={"query": entry, "size": 0})
    except RequestError as error:
        if "allow_expensive_queries" in str(error):
            raise
        return False
    return True
