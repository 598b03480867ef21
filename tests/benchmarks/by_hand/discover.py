"""Discover by hand: captures, and follows what happens to its items."""

from collections.abc import Sequence
from typing import Any

from services.discover.domain.item import Stage
from services.discover.domain.journey import doer, stage_of, tell
from shared.contracts import EVENTS
from shared.contracts.discover import ItemCaptured
from shared.fingerprint import digest
from tests.benchmarks.by_hand.pipe import Event, Heard, document, event, insert, load, now, update
from tests.benchmarks.items import captured

TOPICS = sorted({kind.topic for kind in EVENTS.values() if kind.__name__ != "DecideReview"})


class Discover:
    """The service."""

    def __init__(self, database: Any, _: dict[str, Any]) -> None:
        self.items = database["items"]
        self.notes = database["notes"]

    async def prepare(self) -> None:
        """The indexes that its queries need."""
        for fields in ("mark", "state.captured_at,_id", "state.stage", "state.content.topics"):
            await self.items.create_index([(name, 1) for name in fields.split(",")])
        for fields in ("mark", "state.item_id,state.at", "state.at,_id"):
            await self.notes.create_index([(name, 1) for name in fields.split(",")])

    async def capture(self, numbers: Sequence[int]) -> list[Event]:
        """Store items that people capture; what is to be said."""
        documents = [_item(number) for number in numbers]
        await insert(self.items, documents)
        return [said for one in documents for said in one["history"]]

    async def handle(self, heard: Sequence[Heard]) -> list[Event]:
        """Note what happened, and move each item to the furthest stage it reached; nothing is said."""
        await self._follow([said for said, _ in heard])
        noted = {digest(said): _note(said) for said, _ in heard}
        await insert(self.notes, [document(key, state) for key, state in noted.items()])
        return []

    async def _follow(self, heard: Sequence[Any]) -> None:
        reached = [(one.subject, found) for one in heard if (found := stage_of(one))]
        known = await load(self.items, [item_id for item_id, _ in reached])
        moved: dict[str, Stage] = {}
        for item_id, (version, stage) in reached:
            if item_id in known and version >= known[item_id]["state"]["version"]:
                before = moved.get(item_id, Stage(known[item_id]["state"]["stage"]))
                moved[item_id] = max(before, stage, key=lambda one: one.rank)
        changes: list[tuple[Any, Any, list[Event]]] = [
            (known[key], {"stage": stage, "since": now()}, []) for key, stage in moved.items()
        ]
        await update(self.items, [one for one in changes if one[0]["state"]["stage"] != one[1]["stage"]])


def _note(said: Any) -> dict[str, Any]:
    return {
        "item_id": said.subject,
        "at": now(),
        "service": said.destination.split(".")[1],
        "type": type(said).__name__,
        "what": tell(said),
        "who": doer(said),
    }


def _item(number: int) -> dict[str, Any]:
    wish = captured(number)
    said = ItemCaptured(version=1, captured_at=now(), **dict(wish))
    state = wish.model_dump() | {"version": 1, "captured_at": said.captured_at, "since": now()}
    told = event(said, f"items/{wish.item_id}/1", {})
    return document(wish.item_id, state | {"stage": Stage.CAPTURED}, told)
