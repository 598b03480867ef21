"""Both matchers mean the same, which is what a plain comparison says."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription, Wanted
from services.spread.index import MATCHED_INDEX, QUERIES_INDEX
from services.spread.matching import Matcher, Percolator, ReverseSearch, has_percolator, stored_query
from shared.contracts.base import Content, Kind
from shared.flow.errors import Passing
from shared.settings import Settings
from shared.storage.search import Index, Indexed, connect
from tests.support.subscribing import Chance, Followers, entry, expected, subscription


class Matching:
    """A matcher with indexes of its own."""

    def __init__(self, client: Any, prefix: str, kind: str) -> None:
        self.matched = Index(client, f"{prefix}-matched", MATCHED_INDEX, "0")
        self.queries = Index(client, f"{prefix}-queries", QUERIES_INDEX, "0")
        self.followers = Followers()
        self.matcher: Matcher = (
            Percolator(client, self.queries, self.followers)
            if kind == "percolator"
            else ReverseSearch(client, self.matched, self.followers)
        )

    async def __call__(
        self, entries: Sequence[SpreadEntry], subscriptions: Sequence[Subscription]
    ) -> dict[str, list[str]]:
        """Whom each entry reaches."""
        await self.queries.write([stored_query(one, 1) for one in subscriptions])
        found = await self.matching(entries, subscriptions)
        return {
            one.entry_id: sorted(it.subscription_id for it in its)
            for one, its in zip(entries, found, strict=True)
        }

    async def matching(
        self, entries: Sequence[SpreadEntry], subscriptions: Sequence[Subscription]
    ) -> list[list[Subscription]]:
        """What the matcher says while these subscriptions stand."""
        self.followers.known = subscriptions
        return await self.matcher.match(entries)


@pytest.fixture(params=["reverse search", "percolator"])
async def matching(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Matching]:
    """Either matcher, as far as the server allows."""
    async with connect(settings.opensearch) as client:
        made = Matching(client, f"{settings.prefix}{uuid4().hex[:8]}", request.param)
        await made.queries.rebuild(_nothing())
        await made.matched.rebuild(_nothing())
        if request.param == "percolator" and not await has_percolator(client, made.queries):
            pytest.skip("This server has no percolator.")
        yield made
        await client.indices.delete(index=f"{made.matched.alias}-*,{made.queries.alias}-*")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_random_subscriptions_match_as_a_plain_comparison_says(matching: Matching, seed: int) -> None:
    chance = Chance(seed)
    entries = [chance.entry(number) for number in range(40)]
    subscriptions = [chance.subscription(number) for number in range(150)]

    found = await matching(entries, subscriptions)

    assert found == expected(entries, subscriptions)
    assert 500 < sum(map(len, found.values())) < 5000


async def test_more_candidates_with_text_than_one_request_holds(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi tango", body="quartz", topics=("it",)))
    texts = ["kiwi", "tango quartz", "ledger", "KIWI ledger"]
    subscriptions = [
        subscription(f"s{n:05}", Wanted(topics=("it",), query=texts[n % 4])) for n in range(1048)
    ]

    found = await matching([one], subscriptions)

    assert len(found["e"]) == 524
    assert found == expected([one], subscriptions)


async def test_all_words_count_and_may_be_spread_over_title_and_opening(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="Kiwi", body="Tango", topics=("it",)))
    texts = {"both": "tango kiwi", "one more": "tango kiwi quartz", "title": "kiwi", "none": "ledger"}
    subscriptions = [subscription(name, Wanted(topics=("it",), query=text)) for name, text in texts.items()]

    assert (await matching([one], subscriptions))["e"] == ["both", "title"]


async def test_word_forms_count_as_the_word(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="Matching invoices", body="", topics=("it",)))

    assert (await matching([one], [subscription("s", Wanted(topics=("it",), query="invoice"))]))["e"] == ["s"]


async def test_signs_of_query_languages_are_only_text(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))
    texts = ["kiwi OR ledger", "*", "title:kiwi", "kiwi AND (", "-ledger", '"kiwi"', "kiwi*", "//", "{}"]
    subscriptions = [
        subscription(f"s{n}", Wanted(topics=("it",), query=text)) for n, text in enumerate(texts)
    ]

    found = await matching([one], subscriptions)

    assert set(found["e"]) >= {"s5", "s6"}
    assert not set(found["e"]) & {"s0", "s4"}


async def test_text_without_any_word_means_the_same_to_both(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))

    assert (await matching([one], [subscription("s", Wanted(topics=("it",), query="?!"))]))["e"] == []


async def test_two_versions_of_an_entry_are_each_matched_as_they_were(matching: Matching) -> None:
    first = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)), version=1)
    second = entry("e", Content(kind=Kind.TRICK, title="tango", body="", topics=("it",)), version=2)
    subscriptions = [subscription(text, Wanted(topics=("it",), query=text)) for text in ("kiwi", "tango")]
    await matching.queries.write([stored_query(one, 1) for one in subscriptions])

    found = await matching.matching([first, second], subscriptions)

    assert [[it.subscription_id for it in its] for its in found] == [["kiwi"], ["tango"]]


async def test_a_changed_subscription_counts_as_it_is_now(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))
    before, after = [subscription("s", Wanted(topics=("it",), query=text)) for text in ("kiwi", "ledger")]
    assert await matching([one], [before]) == {"e": ["s"]}

    await matching.queries.write([stored_query(after, 2)])
    assert await matching.matching([one], [after]) == [[]]

    await matching.queries.write([stored_query(before, 1)])
    assert await matching.matching([one], [after]) == [[]]


async def test_nothing_is_found_where_nothing_fits(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))

    assert await matching.matching([one], []) == [[]]
    assert await matching.matching([], []) == []


async def _nothing() -> AsyncIterator[Sequence[Indexed]]:
    return
    yield


async def test_nothing_is_left_in_the_index_of_what_is_being_matched(matching: Matching) -> None:
    one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))

    await matching([one], [subscription("s", Wanted(topics=("it",), query="kiwi"))])

    await matching.matched.client.indices.refresh(index=matching.matched.alias)
    assert await matching.matched.count() == 0


async def test_an_index_that_is_put_anew_meanwhile_never_means_that_nothing_matches(
    settings: Settings,
) -> None:
    async with connect(settings.opensearch) as client:
        index = PutAnew(client, f"{settings.prefix}{uuid4().hex[:8]}", MATCHED_INDEX, "0")
        await index.rebuild(_nothing())
        followers = Followers()
        followers.known = [subscription("s", Wanted(topics=("it",), query="kiwi"))]
        one = entry("e", Content(kind=Kind.TRICK, title="kiwi", body="", topics=("it",)))

        with pytest.raises(Passing, match="put anew"):
            await ReverseSearch(client, index, followers).match([one])

        await client.indices.delete(index=f"{index.alias}-*")


class PutAnew(Index):
    """An index that another process rebuilds right after each write."""

    async def write(self, documents: Sequence[Indexed]) -> None:
        await super().write(documents)
        await self.rebuild(_nothing())
