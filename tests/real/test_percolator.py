"""A real percolator answers completely, at once, and says when it is not allowed to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from services.spread.collections import DELIVERIES, SUBSCRIPTIONS
from services.spread.domain.subscription import Wanted
from services.spread.matching import PAGE, SETTING, Percolator
from shared.flow.errors import Fault, fault_of
from shared.settings import Settings
from shared.storage.document import Document
from shared.storage.search import connect
from tests.support.eventually import eventually
from tests.support.house import House, running
from tests.support.spreading import KIWI, delivered, followed, published, spread
from tests.support.subscribing import entry, subscription

TANGO = KIWI.model_copy(update={"title": "tango"})
MANY = 10 * PAGE + 50


def departments(count: int) -> list[Document[Any]]:
    """One department for each number, which follows a topic and a word."""
    wanted = Wanted(topics=("it",), query="kiwi")
    made = (subscription(f"s{n:05}", wanted).model_copy(update={"department": f"d{n}"}) for n in range(count))
    return [Document(one.subscription_id, state=one) for one in made]


@pytest.mark.parametrize("count", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
async def test_matches_that_end_with_a_page_are_all_found(settings: Settings, count: int) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await one.documents.save(SUBSCRIPTIONS, departments(count))
        await searching.ensure()

        assert isinstance(await searching.matcher(), Percolator)
        first, second = await searching.match([entry("e", KIWI), entry("f", TANGO)])

        assert (len({it.subscription_id for it in first}), second) == (count, [])


@pytest.mark.timeout(300)
async def test_more_than_ten_thousand_departments_get_one_entry(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await one.documents.save(SUBSCRIPTIONS, departments(MANY))
        await searching.ensure()

        await one.store(published("e", "kiwi"), published("f", "tango"))

        assert await one.documents.count(DELIVERIES, {"state.entry_id": "e"}) == MANY
        assert await one.documents.count(DELIVERIES, {}) == MANY


async def test_a_subscription_made_a_moment_ago_matches_the_next_entry(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await searching.ensure()
        for number in range(20):
            await followed(one, f"w{number}")
            known = await one.documents.load(SUBSCRIPTIONS, [f"w{number}"])
            await searching.queries.took(list(known.values()))

            await one.store(published(f"e{number}", f"w{number}"))

        assert await delivered(one) == {(f"e{n}", 1, f"w{n}") for n in range(20)}


async def test_a_house_that_may_not_percolate_is_not_ready_until_it_may(
    settings: Settings, tmp_path: Path
) -> None:
    async with running(tmp_path) as house:
        async with forbidden(settings):
            why = await eventually(lambda: _why_not(house))
            assert SETTING in why

        await eventually(house.is_ready)


@asynccontextmanager
async def forbidden(settings: Settings) -> AsyncIterator[None]:
    """Until the block ends the server refuses what may be expensive."""
    async with connect(settings.opensearch) as client:
        await client.cluster.put_settings(body={"transient": {SETTING: False}})
        try:
            yield
        finally:
            await client.cluster.put_settings(body={"transient": {SETTING: None}})


async def test_an_entry_heard_while_matching_is_forbidden_is_matched_afterwards(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await followed(one, "kiwi")
        await searching.ensure()
        async with forbidden(settings):
            with pytest.raises(Exception, match=SETTING) as refused:
                await one.store(published("e", "kiwi"))
        assert fault_of(refused.value) is Fault.PASSING

        await one.store(published("e", "kiwi"))

        assert await delivered(one) == {("e", 1, "kiwi")}


async def _why_not(house: House) -> str:
    answer = await house.client.get("/spread/ready")
    return "" if answer.is_success else str(answer.json()["why"])
