"""What changes while spread's indexes are being rebuilt is in them afterwards."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from opensearchpy.exceptions import ConnectionError as Unreachable

from deploy.local.servers import Servers, embedded
from services.spread.collections import ENTRIES, SUBSCRIPTIONS
from services.spread.domain.subscription import Wanted
from services.spread.searching import Searching
from shared.settings import Settings
from shared.storage.document import Document
from tests.support.eventually import eventually
from tests.support.spreading import (
    KIWI,
    Paused,
    delivered,
    followed,
    published,
    rebuilding,
    same,
    save,
    spread,
    titles,
    watched,
)
from tests.support.subscribing import entry, subscription


@pytest.fixture
async def own(tmp_path: Path, addresses: Mapping[str, str]) -> AsyncIterator[Servers]:
    """An OpenSearch of the test's own, to do harm to."""
    async with embedded(tmp_path, {**addresses, "opensearch": ""}) as servers:
        yield servers


async def test_what_is_stored_during_a_rebuild_is_found_afterwards(settings: Settings) -> None:
    async with spread(settings, settings.opensearch, Paused) as (one, searching):
        async with rebuilding(searching) as paused:
            await save(one.documents, ENTRIES, Document("e", state=entry("e", KIWI)), searching.entries.took)
            paused.go_on.set()

        assert await titles(searching) == {"kiwi"}


async def test_what_is_published_during_a_rebuild_reaches_those_who_asked_for_its_words(
    settings: Settings,
) -> None:
    asked = subscription("s", Wanted(topics=("it",), query="kiwi"))
    async with spread(settings, settings.opensearch, Paused) as (one, searching):
        await one.documents.save(SUBSCRIPTIONS, [Document("s", state=asked)])
        async with rebuilding(searching) as paused:
            await save(one.documents, ENTRIES, Document("e", state=entry("e", KIWI)), searching.entries.took)
            paused.go_on.set()
        await searching.ensure()

        assert await searching.match([entry("e", KIWI)]) == [[asked]]


async def test_a_subscription_made_during_a_rebuild_counts_afterwards(settings: Settings) -> None:
    asked = subscription("s", Wanted(topics=("it",), query="kiwi"))
    async with spread(settings, settings.opensearch, Paused) as (one, searching):
        async with rebuilding(searching) as paused:
            known = Document("s", state=asked)
            await save(one.documents, SUBSCRIPTIONS, known, searching.queries.took)
            paused.go_on.set()
        await searching.ensure()
        await save(one.documents, ENTRIES, Document("e", state=entry("e", KIWI)), searching.entries.took)

        assert await searching.match([entry("e", KIWI)]) == [[asked]]


async def test_an_entry_is_delivered_while_the_index_of_entries_is_still_being_rebuilt(
    settings: Settings,
) -> None:
    async with spread(settings, settings.opensearch, Paused) as (one, searching):
        await followed(one, "kiwi")
        async with rebuilding(searching) as paused:
            await one.store(published("e", "kiwi"))
            assert await delivered(one) == {("e", 1, "kiwi")}
            paused.go_on.set()

        assert await titles(searching) == {"kiwi"}


async def test_whoever_waits_for_a_rebuild_does_not_begin_another(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (_, searching):
        await asyncio.gather(searching.ensure(), searching.ensure(), searching.match([entry("e", KIWI)]))

        assert len(await searching.client.indices.get(index=f"{searching.queries.index.alias}-*")) == 1
        assert len(await searching.client.indices.get(index=f"{searching.entries.index.alias}-*")) == 1


async def test_a_rebuild_that_lost_its_server_half_way_leaves_no_broken_index(
    settings: Settings, own: Servers
) -> None:
    async with spread(settings, own["opensearch"], Paused) as (one, searching):
        await save(one.documents, ENTRIES, Document("e", state=entry("e", KIWI)), searching.entries.took)
        with suppress(Exception):
            async with rebuilding(searching) as paused:
                await own.kill("opensearch")
                await own.start("opensearch")
                paused.go_on.set()

        async with watched(searching):
            await eventually(lambda: same(one, searching), within=20)
            mapping = await searching.client.indices.get_mapping(index=searching.entries.index.alias)
        assert [one["mappings"].get("dynamic") for one in mapping.values()] == ["strict"]


async def test_a_subscription_that_one_instance_could_not_index_counts_for_all_of_them(
    settings: Settings,
) -> None:
    asked = subscription("s", Wanted(topics=("it",), query="kiwi"))
    async with spread(settings, settings.opensearch) as (one, searching):
        alias = searching.queries.index.alias.removesuffix("knowhow-subscriptions")
        other = Searching(one.documents, searching.client, alias, "other")
        await searching.ensure()
        await other.ensure()

        searching.queries.index = cast("Any", Unwritable())
        await save(one.documents, SUBSCRIPTIONS, Document("s", state=asked), searching.queries.took)

        assert await other.match([entry("e", KIWI)]) == [[asked]]


class Unwritable:
    """An index of a server that cannot be reached."""

    async def write(self, _: object) -> None:
        """Fail."""
        raise Unreachable("N/A", "away", None)
