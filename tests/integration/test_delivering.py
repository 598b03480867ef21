"""What is no longer in use by the time it is heard of reaches nobody."""

from shared.contracts.codify import EntryRetired
from shared.settings import Settings
from tests.support.spreading import delivered, followed, published, spread

GONE = EntryRetired(entry_id="gone", item_id="gone", item_version=1, version=2, reason="It is wrong.")


async def test_what_is_retired_in_the_same_breath_is_not_delivered(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await followed(one, "kiwi")
        await searching.ensure()

        await one.store(published("gone", "kiwi"), published("stays", "kiwi"), GONE)

        assert await delivered(one) == {("stays", 1, "kiwi")}


async def test_what_was_delivered_before_it_was_retired_stays(settings: Settings) -> None:
    async with spread(settings, settings.opensearch) as (one, searching):
        await followed(one, "kiwi")
        await searching.ensure()

        await one.store(published("gone", "kiwi"))
        await one.store(GONE, published("gone", "kiwi"))

        assert await delivered(one) == {("gone", 1, "kiwi")}
