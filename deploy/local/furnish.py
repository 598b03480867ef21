"""Furnishes an empty house with the sample organisation, so that a newcomer finds know-how on its way round."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

from deploy.local.house import House, open_house
from deploy.local.organisation import Organisation, SampleItem, read_organisation
from deploy.local.tour import tour
from deploy.local.walk import walk

_AT_A_TIME: Final = 8
"""More walks at once would spend the machine on looking whether something has happened."""


async def furnish(base_url: str, say: Callable[[str], None]) -> None:
    """Send the flagship round, then take every other item to its stage; done again, it only adds what is missing.

    Raises:
        Unfinished: the house refuses a move, or a step takes longer than 20 seconds; starting again goes on from there.
    """
    await tour(base_url, say)
    began = time.monotonic()
    organisation = read_organisation()
    async with open_house(base_url) as house:
        await _walk_all(house, organisation, (item for item in organisation.items if not item.into))
        await _walk_all(house, organisation, (item for item in organisation.items if item.into))
    say(_summary(organisation, time.monotonic() - began))


async def _walk_all(house: House, organisation: Organisation, items: Iterable[SampleItem]) -> None:
    free = asyncio.Semaphore(_AT_A_TIME)

    async def one(item: SampleItem) -> None:
        async with free:
            await walk(house, organisation, item)

    # One item that cannot go on is no reason to leave the others where they are.
    ended = await asyncio.gather(*map(one, items), return_exceptions=True)
    for failure in filter(None, ended):
        raise failure


def _summary(organisation: Organisation, seconds: float) -> str:
    departments = len({person.department for person in organisation.people})
    return (
        f"{len(organisation.items)} items by {len(organisation.people)} people of {departments} departments "
        f"are on their way round ({seconds:.1f} s)"
    )
