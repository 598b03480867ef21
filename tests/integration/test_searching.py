"""Spread's indexes hold what its documents hold, whatever happened to the server meanwhile."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from opensearchpy.exceptions import NotFoundError

from deploy.local.servers import Servers, embedded
from services.spread.collections import DELIVERIES
from services.spread.matching import Matcher
from services.spread.searching import Searching
from shared.flow.errors import Fault, Passing, fault_of
from shared.settings import Settings
from shared.storage.search import connect
from tests.support.eventually import eventually
from tests.support.spreading import KIWI, delivered, followed, published, same, spread, titles, watched
from tests.support.subscribing import entry


class Losing(Searching):
    """One whose server loses the index of subscriptions as soon as it is built."""

    async def _suitable_matcher(self) -> Matcher:
        raise NotFoundError(404, "index_not_found_exception", {})


@pytest.fixture
async def own(tmp_path: Path, addresses: Mapping[str, str]) -> AsyncIterator[Servers]:
    """An OpenSearch of the test's own, to do harm to."""
    async with embedded(tmp_path, {**addresses, "opensearch": ""}) as servers:
        yield servers


async def test_what_is_stored_is_found(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await searching.ensure()
        await one.store(published("e", "kiwi"))

        assert await titles(searching) == {"kiwi"}


async def test_an_older_version_that_is_heard_late_changes_nothing(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await searching.ensure()
        await one.store(published("e", "kiwi", version=2))
        await one.store(published("e", "tango", version=1))

        assert await titles(searching) == {"kiwi"}


async def test_a_server_that_lost_everything_gets_it_again(settings: Settings, own: Servers) -> None:
    async with spread(settings, own["opensearch"]) as (one, searching):
        await searching.ensure()
        await one.store(*(published(f"e{n}", f"kiwi{n}") for n in range(20)))
        await own.kill("opensearch")
        await own.start("opensearch")

        async with watched(searching):
            await eventually(lambda: same(one, searching), within=20)


async def test_what_is_stored_before_the_loss_was_noticed_is_found_too(
    settings: Settings, own: Servers
) -> None:
    async with spread(settings, own["opensearch"]) as (one, searching):
        await searching.ensure()
        await one.store(published("before", "kiwi"))
        await own.kill("opensearch")
        await own.start("opensearch")

        with suppress(Exception):
            await one.store(published("after", "tango"))

        async with watched(searching) as watch:
            await eventually(lambda: same(one, searching), within=20)
            assert not watch.done()


async def test_what_is_stored_while_the_server_is_away_is_found_later(
    settings: Settings, own: Servers
) -> None:
    async with spread(settings, own["opensearch"]) as (one, searching):
        await searching.ensure()
        await own.kill("opensearch")
        await one.store(published("e", "kiwi"))
        await own.start("opensearch")

        async with watched(searching):
            await eventually(lambda: same(one, searching), within=20)


async def test_what_is_published_while_the_server_is_away_is_delivered_later(
    settings: Settings, own: Servers
) -> None:
    async with spread(settings, own["opensearch"]) as (one, searching):
        await followed(one, "kiwi", "tango")
        await searching.ensure()
        await own.kill("opensearch")
        with pytest.raises(Exception) as away:  # noqa: PT011 - that it passes is what counts.
            await one.store(published("e", "kiwi"))
        assert fault_of(away.value) is Fault.PASSING
        assert await one.documents.count(DELIVERIES, {}) == 0

        await own.start("opensearch")
        with pytest.raises(Passing):
            await one.store(published("e", "kiwi"))
        await one.store(published("e", "kiwi"))

        assert await delivered(one) == {("e", 1, "kiwi")}


async def test_an_index_that_is_lost_while_a_matcher_is_chosen_holds_the_entry_and_parks_nothing(
    settings: Settings,
) -> None:
    async with connect(settings.opensearch) as client, spread(settings, settings.opensearch) as (one, _):
        losing = Losing(one.documents, client, f"{settings.prefix}{uuid4().hex[:8]}", settings.instance)

        with pytest.raises(Passing):
            await losing.match([entry("e", KIWI)])


async def test_two_versions_heard_together_are_each_delivered_to_whom_they_match(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await followed(one, "kiwi", "tango")
        await searching.ensure()

        await one.store(published("e", "kiwi"), published("e", "tango", version=2))

        assert await delivered(one) == {("e", 1, "kiwi"), ("e", 2, "tango")}
