"""Which announcements are out: one small write a batch tells it, whatever number of documents the batch changed.

Each instance of a service writes in a lane of its own. A document's `mark` names the lane and the batch that wrote it;
the lane's record names the last batch of which every announcement was acknowledged. A mark up to and including that
record's is done, a greater one is pending, and whoever finds a pending document announces it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.flow.announcer import Announcer, Place
from shared.flow.errors import Passing
from shared.flow.rewritten import Mark
from shared.storage.documents import Documents, Span

LANES = "lanes"

Known = tuple[Place, Mark]
"""A place on a topic, and which record is there."""


@dataclass(frozen=True)
class Lane:
    """What is known of one lane: the last batch that is out, and which records Kafka should have (see Announcer)."""

    name: str
    epoch: int = 0
    done: str = ""
    acked: frozenset[Known] = frozenset()
    doubtful: frozenset[Known] = frozenset()

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
        self.known = await self._read()
        self.own = self.known[self.own.name]
        self.earlier = Span(self.own.pending.above, self._epoch)
        self.announcer.acked = dict(sorted(place for lane in self.known.values() for place in lane.acked))
        self.announcer.doubtful |= self.own.doubtful

    async def refresh(self) -> None:
        """Learn what the other instances have announced meanwhile, and whether one has taken this lane over."""
        self.known = await self._read()
        own = self.known.get(self.own.name)
        if own and own.epoch > self.own.epoch:
            self.fenced = True

    async def _read(self) -> dict[str, Lane]:
        rows = await self.table.find({}).to_list(None)
        return {row["_id"]: _lane(row) for row in rows}

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
        self.own = replace(self.own, done=mark)
        await self.remember()

    async def remember(self) -> None:
        """Keep what is out and what the broker should have, so that a next life can look whether it still has it."""
        known = {"last": _flat(self.announcer.acked.items()), "doubtful": _flat(self.announcer.doubtful)}
        own = {"_id": self.own.name, "epoch": self.own.epoch}
        # Two writes of a lane may overtake one another, and the later batch stands.
        result = await self.table.update_one(own, {"$max": {"done": self.own.done}, "$set": known})
        if not result.matched_count:
            self.fenced = True
            raise FencedError(self.own.name)

    async def begin_anew(self) -> None:
        """Expect nothing of the broker any more, whatever any lane knew; said before everything is announced again."""
        await self.announcer.begin_anew()
        await self.table.update_many({}, {"$unset": {"last": "", "doubtful": ""}})

    async def close_earlier(self) -> None:
        """Count what earlier lives left pending as out from now on; repeating it changes nothing."""
        if self.own.done < self.earlier.below:
            await self.done(self.earlier.below)
        self.earlier = Span("", "")

    async def swept(self, lane: Lane, mark: str) -> None:
        """Remember that another lane's announcements are out as far as this mark."""
        await self.table.update_one({"_id": lane.name}, {"$max": {"done": mark}})


def _name(mark: str) -> str:
    return mark.split(":", 1)[0]


def _lane(row: Mapping[str, Any]) -> Lane:
    acked, doubtful = (_known(row.get(name, ())) for name in ("last", "doubtful"))
    return Lane(row["_id"], row["epoch"], row.get("done", ""), acked, doubtful)


def _known(stored: Iterable[tuple[str, int, int, str]]) -> frozenset[Known]:
    return frozenset(((topic, partition), (offset, event)) for topic, partition, offset, event in stored)


def _flat(known: Iterable[Known]) -> list[list[str | int]]:
    return [[*place, *mark] for place, mark in known]
