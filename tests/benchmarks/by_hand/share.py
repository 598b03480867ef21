"""Share by hand: opens items to communities, and its champion nominates whatever is shared."""

from collections.abc import Sequence
from typing import Any

from shared.contracts import codify, discover, share
from shared.contracts.base import Author, Content
from shared.contracts.share import Evidence, ItemNominated, ItemShared
from tests.benchmarks.by_hand.pipe import Event, Heard, document, event, insert, load, update
from tests.benchmarks.items import CHAMPION

TOPICS = [discover.ITEMS, share.ITEMS, share.REACTIONS, codify.REVIEWS]


class Share:
    """The service."""

    def __init__(self, database: Any, _: dict[str, Any]) -> None:
        self.items = database["items"]
        self.communities = database["communities"]
        self.reactions = [database["endorsements"], database["trials"]]

    async def prepare(self) -> None:
        """The indexes that its queries need."""
        for fields in ("mark", "state.communities", "state.content.topics"):
            await self.items.create_index(fields)
        for collection in self.reactions:
            await collection.create_index("state.item_id")

    async def handle(self, heard: Sequence[Heard]) -> list[Event]:
        """What is said because of this."""
        captured = [one for one in heard if isinstance(one[0], discover.ItemCaptured)]
        shared = [one for one in heard if isinstance(one[0], ItemShared)]
        return [*await self._share(captured), *await self._nominate(shared)]

    async def _share(self, heard: Sequence[Heard]) -> list[Event]:
        if not heard:
            return []
        communities = await self.communities.find({}).to_list(None)
        documents = [_shared(said, headers, communities) for said, headers in heard]
        await insert(self.items, documents)
        return [said for one in documents for said in one["history"]]

    async def _nominate(self, heard: Sequence[Heard]) -> list[Event]:
        if not heard:
            return []
        known = await load(self.items, [said.subject for said, _ in heard])
        for collection in self.reactions:
            await collection.find({"state.item_id": {"$in": list(known)}}).to_list(None)
        says = {said.subject: _nominated(known[said.subject], headers) for said, headers in heard}
        fresh = [(known[key], {"nominated": True}, [said]) for key, said in says.items()]
        await update(self.items, [one for one in fresh if not one[0]["state"]["nominated"]])
        return list(says.values())


def _shared(said: Any, headers: dict[str, str], communities: Sequence[Any]) -> dict[str, Any]:
    caring = sorted(
        one["state"]["name"]
        for one in communities
        if not set(one["state"]["topics"]).isdisjoint(said.content.topics)
    )
    state = said.model_dump(include={"item_id", "version", "content", "content_sha256", "author"})
    state |= {"communities": caring, "nominated": False, "rejected": 0, "withdrawn": False}
    told = ItemShared(item_id=said.item_id, version=said.version, communities=tuple(caring))
    return document(said.item_id, state, event(told, f"items/{said.item_id}/1", headers))


def _nominated(known: dict[str, Any], headers: dict[str, str]) -> Event:
    state = known["state"]
    said = ItemNominated(
        item_id=state["item_id"],
        version=state["version"],
        content=Content.model_validate(state["content"]),
        content_sha256=state["content_sha256"],
        author=Author.model_validate(state["author"]),
        evidence=Evidence(nominated_by=CHAMPION),
    )
    return event(said, f"items/{known['_id']}/2", headers)
