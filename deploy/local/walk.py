"""How one item of the sample gets as far as its file says, each move made by the person who would make it."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from deploy.local.house import House
from deploy.local.organisation import Organisation, SampleItem, StageWanted
from deploy.local.waiting import until

_BEFORE: Final = ("captured", "shared", "nominated", "approved", "published", "delivered")
_STAGES_LEFT: Final[dict[StageWanted, int]] = {
    "captured": 0,
    "endorsed": 2,
    "nominated": 2,
    "changes_requested": 3,
    "rejected": 3,
    "merged": 4,
    "published": 4,
    "adopted": 6,
}
_DECISIONS: Final[dict[StageWanted, str]] = {
    "changes_requested": "request_changes",
    "rejected": "reject",
    "merged": "merge",
    "published": "approve",
    "adopted": "approve",
}
_NOT_YET: Final = HTTPStatus.NOT_FOUND
_ALREADY: Final = HTTPStatus.CONFLICT


async def walk(house: House, organisation: Organisation, item: SampleItem) -> None:
    """Take an item to its stage; what has happened to it already, here or in somebody's hands, stays.

    Raises:
        Unfinished: the house refuses a move, or does not show it within 20 seconds.
    """
    under_way = await capture(house, organisation, item)
    if await under_way.has_arrived():
        return
    await under_way.react()
    if item.goes_to_review:
        await under_way.nominate()
        await under_way.decide()
        await under_way.adopt()
        await until(under_way.has_arrived, f"“{item.title}” becoming {item.stage_wanted}")


async def capture(house: House, organisation: Organisation, item: SampleItem) -> "UnderWay":
    """The item, after its author has captured it; captured before, it is the same one.

    Raises:
        Unfinished: the house refuses.
    """
    answer = await house.post(item.by, "/discover/items", item.content(), item.slug)
    return UnderWay(house, organisation, item, str(answer.json()["id"]))


@dataclass(frozen=True)
class UnderWay:
    """A captured item of the sample; each move may be made again and is then already made.

    Every method raises Unfinished where the house refuses or what a move needs is not there within 20 seconds.
    """

    house: House
    organisation: Organisation
    item: SampleItem
    item_id: str

    async def look(self, path: str) -> Any:
        """What the item's author sees at a path, or None."""
        return await self.house.get(self.item.by, path)

    async def has_arrived(self) -> bool:
        """True where nothing is left to do, also when people have taken the item further or elsewhere."""
        now = await self.look(f"/discover/items/{self.item_id}")
        return now is not None and now["stage"] not in _BEFORE[: _STAGES_LEFT[self.item.stage_wanted]]

    async def steps(self) -> list[str]:
        """The types of all that has happened to the item, in order."""
        journey = await self.look(f"/discover/items/{self.item_id}/journey")
        return [step["type"] for step in journey["steps"]] if journey else []

    async def react(self) -> None:
        """Let colleagues try the item and vouch for it as soon as it is shared."""
        await until(partial(self.look, f"/share/items/{self.item_id}"), f"Sharing “{self.item.title}”")
        # Two who vouch make a nomination, so those who tried come first to be part of its evidence.
        for person, tried in self.item.tried_by.items():
            await self._share(person, "tries", tried.model_dump(mode="json", exclude_none=True))
        for person, comment in self.item.endorsed_by.items():
            await self._share(person, "endorsements", {"comment": comment})

    async def nominate(self) -> None:
        """See the item under review: put forward by whom its file names, or because two people vouch for it."""
        review = partial(self.look, f"/codify/reviews/{self.item_id}")
        # Nominating again after a decision would ask for another one.
        if self.item.nominated_by and await review() is None:
            await self._share(self.item.nominated_by, "nominations", {})
        await until(review, f"Opening a review of “{self.item.title}”")

    async def decide(self) -> None:
        """Let the curator whom the file names decide about the open review."""
        review = await self.look(f"/codify/reviews/{self.item_id}")
        if self.item.decided_by is None or review["state"] != "open":
            return
        read = {name: review[name] for name in ("version", "content_sha256")}
        decision = {"decision": _DECISIONS[self.item.stage_wanted], "reason": self.item.reason}
        path = f"/codify/reviews/{self.item_id}/decisions"
        wish = {**decision, **read, **await self._into()}
        await self.house.post(self.item.decided_by, path, wish, f"{self.item.slug} decided", but={_ALREADY})

    async def entry_id(self) -> str:
        """The id of the library entry that the item became."""
        look = partial(
            self.house.find, self.item.by, "/codify/entries", self._is_mine, topic=self.item.topics[0]
        )
        return str((await until(look, f"Publishing “{self.item.title}”"))["entry_id"])

    async def adopt(self) -> None:
        """Let departments report what came of the entry, those that have not."""
        if not self.item.adopted_by:
            return
        entry_id = await self.entry_id()
        reported = (await self.steps()).count("AdoptionReported")
        for person in list(self.item.adopted_by)[reported:]:
            await until(partial(self._report, entry_id, person), f"Spreading “{self.item.title}”")

    def _is_mine(self, entry: Any) -> bool:
        return bool(entry["item_id"] == self.item_id)

    async def _share(self, person: str, what: str, wish: Any) -> None:
        path = f"/share/items/{self.item_id}/{what}"
        await self.house.post(person, path, wish, f"{self.item.slug} {what} {person}", but={_ALREADY})

    async def _into(self) -> dict[str, str]:
        if self.item.into is None:
            return {}
        goal = await capture(self.house, self.organisation, self.organisation.item(self.item.into))
        return {"into": await goal.entry_id()}

    async def _report(self, entry_id: str, person: str) -> bool:
        adopted = self.item.adopted_by[person].model_dump(mode="json", exclude_none=True)
        wish = {"department": self.organisation.person(person).department, **adopted}
        path = f"/spread/entries/{entry_id}/adoptions"
        key = f"{self.item.slug} adopted {person}"
        answer = await self.house.post(person, path, wish, key, but={_NOT_YET, _ALREADY})
        return answer.status_code != _NOT_YET
