"""Sends one item all the way round before the newcomer's eyes: the product in eleven lines."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from deploy.local.house import House, open_house
from deploy.local.organisation import Organisation, read_organisation
from deploy.local.prepare import prepare
from deploy.local.waiting import until
from deploy.local.walk import UnderWay, capture

FLAGSHIP: Final = "match-an-invoice-to-its-order"


async def tour(base_url: str, say: Callable[[str], None]) -> None:
    """Send the flagship prompt round and tell each step with its time; an item that has been round stays as it is.

    Raises:
        Unfinished: the house refuses a move, or a step takes longer than 20 seconds.
    """
    organisation = read_organisation()
    async with open_house(base_url) as house:
        await prepare(house, organisation)
        began = time.monotonic()
        under_way = await capture(house, organisation, organisation.item(FLAGSHIP))
        if await under_way.has_arrived():
            say(f"“{under_way.item.title}” has been all the way round before")
            return
        await _Tour(under_way, partial(_tell, say, began)).go_round()


class _Tour:
    def __init__(self, under_way: UnderWay, tell: Callable[[str, str], None]) -> None:
        self.under_way = under_way
        self.item = under_way.item
        self.tell = tell

    async def go_round(self) -> None:
        await self.share()
        await self.codify()
        await self.spread(await self.under_way.entry_id())

    async def share(self) -> None:
        self.tell("1 capture", f"{self.names([self.item.by])} writes down a prompt: {self.item.title}")
        await self.seen("ItemShared")
        self.tell("2 share", "It is open to the communities that follow its topics")
        await self.under_way.react()
        await self.seen("ItemEndorsed", len(self.item.endorsed_by))
        self.tell("3 endorse", f"{self.names(self.item.endorsed_by)} vouch for it")
        await self.seen("ItemNominated")
        self.tell("4 nominate", "Two colleagues are enough to put it forward for the library")

    async def codify(self) -> None:
        await self.under_way.nominate()
        await self.seen("ReviewOpened")
        self.tell("5 review", "A review is open and waits for a curator")
        await self.under_way.decide()
        await self.seen("ItemApproved")
        self.tell("6 decide", f"{self.names([self.item.decided_by or ''])} approves it: {self.item.reason}")
        await self.seen("EntryPublished")
        self.tell("7 publish", "It is an entry of the library")

    async def spread(self, entry_id: str) -> None:
        adopter = self.under_way.organisation.person(next(iter(self.item.adopted_by)))
        await until(partial(self.search, entry_id), "Finding it by search")
        self.tell("8 index", "Search finds it")
        await until(partial(self.feed, adopter.department, entry_id), "Delivering it")
        self.tell("9 deliver", f"It is in the feed of {adopter.department}, who follow {self.item.topics[0]}")
        await self.under_way.adopt()
        await self.seen("AdoptionReported")
        self.tell("10 adopt", f"{self.names([adopter.id])} reports what came of it in {adopter.department}")
        learnt = await until(self.learnt, "Capturing what was learnt")
        self.tell(
            "11 learnt", f"What was learnt there is a new item, which goes the same way: {learnt['title']}"
        )

    async def seen(self, step: str, times: int = 1) -> None:
        async def look() -> bool:
            return (await self.under_way.steps()).count(step) >= times

        await until(look, f"Seeing {step} in the journey of “{self.item.title}”")

    async def search(self, entry_id: str) -> Any:
        return await self.house.find(
            self.item.by, "/spread/search", lambda hit: hit["entry_id"] == entry_id, q=self.item.title
        )

    async def feed(self, department: str, entry_id: str) -> Any:
        path = f"/spread/feeds/{department}.json"
        return await self.house.find(self.item.by, path, lambda one: one["_knowhow"]["entry_id"] == entry_id)

    async def learnt(self) -> Any:
        follows = self.under_way.item_id
        return await self.house.find(
            self.item.by,
            "/discover/items",
            lambda one: one.get("follows") == follows,
            topic=self.item.topics[0],
        )

    @property
    def house(self) -> House:
        return self.under_way.house

    def names(self, people: Iterable[str]) -> str:
        return _names(self.under_way.organisation, people)


def _names(organisation: Organisation, people: Iterable[str]) -> str:
    return " and ".join(organisation.person(person).name.split()[0] for person in people)


def _tell(say: Callable[[str], None], began: float, step: str, sentence: str) -> None:
    number, name = step.split()
    say(f"{time.monotonic() - began:6.2f} s {number:>2} {name:<10} {sentence}")
