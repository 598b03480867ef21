"""Which announcements are out: one small write a batch tells it, whatever number of documents the batch changed.

Each instance of a service writes in a lane of its own. A document's `mark` names the lane and the batch that wrote it;
the lane's record names the last batch of which every announcement was acknowledged. A mark behind that record is
done, a mark before it is pending, and whoever finds a pending document announces it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.flow.announcer import Announcer, Place
from shared.flow.errors import Passing
from shared.flow.rewritten import Mark
from shared.storage.documents import Documents, Span

LANES = "lanes"


@dataclass(frozen=True)
class Lane:
    """What is known of one lane: the last batch that is out, and the last record that Kafka acknowledged in each place."""

    name: str
    epoch: int = 0
    done: str = ""
    acked: tuple[tuple[str, int, int, str], ...] = ()

    @property
    def pending(self) -> Span:
        """The marks that may not be out."""
        return Span(self.done or f"{self.name}:", f"{self.name};")


class FencedError(Passing):
    """Two processes use one instance name, and the other one began later.

    What this one hears is held, and never parked: the other one hears it too.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"Another process has taken over the instance name {name}; stop one of them.")


class Lanes:
    """The lanes of one service, of which one is ours to write in."""

    def __init__(self, documents: Documents, announcer: Announcer, instance: str) -> None:
        self.table = documents.database[LANES]
        self.announcer = announcer
        self.own = Lane(instance)
        self.known: dict[str, Lane] = {}
        self.fenced = False
        self.earlier = Span("", "")
        self._batch = 0

    async def open(self) -> None:
        """Begin a new epoch of our lane, so that the marks of an earlier life are told from ours."""
        await self.table.update_one({"_id": self.own.name}, {"$inc": {"epoch": 1}}, upsert=True)
        await self.refresh()
        self.own = self.known[self.own.name]
        self.earlier = Span(self.own.pending.above, self._epoch)
        self.announcer.acked = self._acked()

    async def refresh(self) -> None:
        """Learn what the other instances have announced meanwhile."""
        rows = await self.table.find({}).to_list(None)
        self.known = {row["_id"]: _lane(row) for row in rows}

    def next_mark(self) -> str:
        """The mark of a new batch, greater than all of this lane before it.

        Raises:
            FencedError: this lane is somebody else's by now.
        """
        if self.fenced:
            raise FencedError(self.own.name)
        self._batch += 1
        return f"{self._epoch}{self._batch:012d}"

    @property
    def _epoch(self) -> str:
        return f"{self.own.name}:{self.own.epoch:08d}:"

    def is_own(self, mark: str) -> bool:
        """True where this life of this instance wrote it."""
        return mark.startswith(self._epoch)

    def is_done(self, mark: str) -> bool:
        """True where everything said under this mark is on its topic.

        What an earlier life left pending does not count as done at first: its last write may arrive after we have looked.
        """
        if not mark or mark in self.earlier:
            return not mark
        name = _name(mark)
        lane = self.own if name == self.own.name else self.known.get(name)
        return lane is not None and mark <= lane.done

    async def done(self, mark: str) -> None:
        """Remember that all announcements up to this mark are out; forgetting it would only repeat them."""
        self.own = replace(self.own, done=mark, acked=_flat(self.announcer.acked))
        changes = {"done": mark, "last": [list(place) for place in self.own.acked]}
        own = {"_id": self.own.name, "epoch": self.own.epoch}
        result = await self.table.update_one(own, {"$set": changes})
        if not result.matched_count:
            self.fenced = True
            raise FencedError(self.own.name)

    async def close_earlier(self) -> None:
        """Count what earlier lives left pending as out from now on; repeating it changes nothing."""
        if self.own.done < self.earlier.below:
            await self.done(self.earlier.below)
        self.earlier = Span("", "")

    async def swept(self, lane: Lane, mark: str) -> None:
        """Remember that another lane's announcements are out as far as this mark."""
        await self.table.update_one({"_id": lane.name}, {"$max": {"done": mark}})

    def _acked(self) -> dict[Place, Mark]:
        places = sorted(place for lane in self.known.values() for place in lane.acked)
        return {(topic, partition): (offset, event) for topic, partition, offset, event in places}


def _name(mark: str) -> str:
    return mark.split(":", 1)[0]


def _lane(row: Mapping[str, Any]) -> Lane:
    acked: Sequence[Sequence[Any]] = row.get("last", ())
    places = tuple((topic, partition, offset, event) for topic, partition, offset, event in acked)
    return Lane(row["_id"], row["epoch"], row.get("done", ""), places)


def _flat(acked: Mapping[Place, Mark]) -> tuple[tuple[str, int, int, str], ...]:
    return tuple((*place, *mark) for place, mark in acked.items())
