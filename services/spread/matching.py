"""Which subscriptions an entry matches: one meaning, and two ways for two kinds of servers."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import RequestError

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription
from services.spread.following import Following
from services.spread.index import matched_fields, text_clause, wanted_clauses
from shared.flow.errors import Passing
from shared.pieces import pieces
from shared.storage.search import Index, Indexed, refusal

CANDIDATES = 100
"""Queries that one reverse search holds; OpenSearch allows 1,024 clauses in all."""

PAGE = 1000
"""Matches that one percolation answers with; there may be many pages."""

SETTING = "search.allow_expensive_queries"
TOGETHER = 20
"""Searches that one request holds, and entries that one search is about: it is answered well before the client gives up."""


class Forbidden(Passing):
    """The server could percolate, but is told not to."""

    def __init__(self) -> None:
        super().__init__(f"OpenSearch may match no entries until {SETTING} is true again.")


class Matcher(Protocol):
    """Finds the subscriptions that entries match."""

    async def match(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """The subscriptions that each entry matches, as they stand now."""


class ReverseSearch:
    """Asks an index of entry versions, restricted to some of them, which of the subscriptions' queries match each.

    For servers without a percolator, and houses with some hundreds of subscriptions to a topic. The index is its own,
    because the index of entries may hold a later version already; it holds a version only while that is matched, since
    an embedded server takes the longer, the more there is.
    """

    def __init__(self, client: AsyncOpenSearch, matched: Index, following: Following) -> None:
        self.client = client
        self.matched = matched
        self.following = following

    async def match(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As the protocol says."""
        fitting = await self.following.fitting(entries)
        asking = [_Asking(entry, candidates) for entry, candidates in zip(entries, fitting, strict=True)]
        for some in pieces([one for one in asking if one.asked], TOGETHER):
            await self.matched.write([one.document for one in some])
            try:
                await self._ask(some)
            finally:
                await self.matched.remove([one.document.id for one in some])
        return [one.matched for one in asking]

    async def _ask(self, some: Sequence["_Asking"]) -> None:
        # What several entries ask is asked once, and about all of them: that costs the server a fraction.
        asked = {candidate.subscription_id: candidate for one in some for candidate in one.asked}
        ids = [one.document.id for one in some]
        bodies = [_which_match(ids, chunk) for chunk in pieces(list(asked.values()), CANDIDATES)]
        names: dict[str, set[str]] = {key: set() for key in ids}
        for hits in await _ask(self.client, self.matched.alias, bodies):
            if len(hits) < len(ids):
                raise Passing("The index of entry versions was put anew while some were matched.")
            for hit in hits:
                names[hit["_id"]].update(hit.get("matched_queries", ()))
        for one in some:
            one.matched += [it for it in one.asked if it.subscription_id in names[one.document.id]]


class _Asking:
    """One entry, which candidates the server is asked about, and what is known to match."""

    def __init__(self, entry: SpreadEntry, candidates: Sequence[Subscription]) -> None:
        # Two processes that match the same version must not remove each other's document.
        self.document = Indexed(uuid.uuid4().hex, 1, matched_fields(entry))
        self.matched = [one for one in candidates if not one.wanted.query]
        self.asked = [one for one in candidates if one.wanted.query]


def _which_match(ids: Sequence[str], candidates: Sequence[Subscription]) -> dict[str, Any]:
    """The search that finds these documents, and says which of the candidates' texts match each."""
    named = [
        {"bool": {"must": [text_clause(one.wanted.query or "")], "_name": one.subscription_id}}
        for one in candidates
    ]
    only = {"ids": {"values": list(ids)}}
    return {
        "query": {"bool": {"filter": [only], "should": named, "minimum_should_match": 0}},
        "size": len(ids),
        "_source": False,
    }


async def _ask(
    client: AsyncOpenSearch, alias: str, bodies: Sequence[Mapping[str, Any]]
) -> list[list[dict[str, Any]]]:
    answers: list[dict[str, Any]] = []
    for some in pieces(bodies, TOGETHER):
        lines = [line for body in some for line in ({"index": alias}, body)]
        answers += (await client.msearch(body=lines))["responses"]
    for answer in answers:
        if "error" in answer:
            forbidden = SETTING in str(answer["error"])
            raise Forbidden if forbidden else refusal(answer["status"], answer["error"])
    return [answer["hits"]["hits"] for answer in answers]


class Percolator:
    """Asks the index of subscriptions which of its stored queries match an entry: one entry a request, many requests at once.

    https://docs.opensearch.org/latest/query-dsl/specialized/percolate/
    """

    def __init__(self, client: AsyncOpenSearch, queries: Index, following: Following) -> None:
        self.client = client
        self.queries = queries
        self.following = following

    async def match(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As the protocol says; of what the server finds counts only what still fits."""
        return await self.following.named(entries, await self._percolate(entries))

    async def _percolate(self, entries: Sequence[SpreadEntry]) -> list[set[str]]:
        names: list[set[str]] = [set() for _ in entries]
        asked: dict[int, Any] = dict.fromkeys(range(len(entries)))
        while asked:
            bodies = [_percolation(entries[place], after) for place, after in asked.items()]
            answers = zip(asked, await _ask(self.client, self.queries.alias, bodies), strict=True)
            asked = {}
            for place, hits in answers:
                names[place] |= {hit["_id"] for hit in hits}
                if len(hits) == PAGE:
                    asked[place] = hits[-1]["sort"]
        return names


def _percolation(entry: SpreadEntry, after: list[Any] | None) -> dict[str, Any]:
    fields = matched_fields(entry)
    # By its own words alone, the percolator goes through all queries that share a common one, however few follow the topic.
    following = {"terms": {"topics": fields["topics"]}}
    query = {"percolate": {"field": "query", "document": fields}}
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [following, query]}},
        "size": PAGE,
        "sort": ["id"],
        "_source": False,
    }
    return body | ({"search_after": after} if after else {})


def stored_query(subscription: Subscription, version: int) -> Indexed:
    """A subscription as the percolator holds it, beside the topics that it follows; a removed one matches nothing."""
    wanted = subscription.wanted
    clauses = [{"match_none": {}}] if subscription.removed else wanted_clauses(wanted)
    query = {"bool": {"filter": clauses}}
    source = {"id": subscription.subscription_id, "topics": list(wanted.topics), "query": query}
    return Indexed(subscription.subscription_id, version, source)


async def has_percolator(client: AsyncOpenSearch, queries: Index) -> bool:
    """True where the server percolates; asked of the server itself.

    Raises:
        Forbidden: it could, but a setting of the server says no.
    """
    entry = {"percolate": {"field": "query", "document": {"title": "a"}}}
    try:
        await client.search(index=queries.alias, body={"query": entry, "size": 0})
    except RequestError as error:
        if SETTING in str(error):
            raise Forbidden from error
        return False
    return True
