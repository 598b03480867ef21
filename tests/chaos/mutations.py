"""Takes one piece of safety out of a process; with any of them the run must turn red.

Each replaces one function or setting of the product in the memory of the services that the harness starts. The
product knows nothing of it.
"""

# ruff: noqa: PLC0415, SLF001 - mutations reach into what they break, and only when they are asked for.
# mypy: disable-error-code="method-assign,assignment,attr-defined,no-untyped-def,misc"

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial, partialmethod
from types import SimpleNamespace
from typing import Any
from uuid import uuid4


def no_pending_sweep() -> None:
    """What an earlier life stored and did not say is never looked for."""
    from shared.flow import keeper, voice

    async def nothing(*_: Any) -> Any:
        return voice.Pending([], [])

    voice.pending = nothing
    keeper.pending = nothing


def no_version_guard() -> None:
    """A document is replaced whatever version it has meanwhile, which a slow database gives others the time to change."""
    from shared.storage import documents

    guarded = documents._write
    _slow_database(0.2)

    def unguarded(document: Any) -> Any:
        raw = getattr(guarded(document), "_doc")  # noqa: B009 - a private part of the driver's operation.
        return documents.ReplaceOne({"_id": document.id}, raw, upsert=True)

    documents._write = unguarded


def _slow_database(seconds: float) -> None:
    from shared.storage.documents import Documents

    save = Documents.save

    async def save_late(self: Any, collection: Any, changed: Any) -> Any:
        await asyncio.sleep(seconds)
        return await save(self, collection, changed)

    Documents.save = save_late


def _ears_can_commit() -> None:
    from shared.flow import engine

    listen = engine.listen

    def listen_and_tell(broker: Any, ear: Any, bookmarks: Any, *how: Any) -> Any:
        subscriber = listen(broker, ear, bookmarks, *how)
        ear.commit = lambda: bookmarks.commit(ear.records, subscriber.consumer)
        return subscriber

    engine.listen = listen_and_tell


def commit_before_store() -> None:
    """Offsets are committed as soon as records have arrived."""
    from shared.flow.ear import Ear

    _ears_can_commit()
    hear = Ear.hear

    async def commit_and_hear(self: Any, records: Any) -> None:
        self.records = records
        await self.commit()
        await hear(self, records)

    Ear.hear = commit_and_hear


def acknowledge_first() -> None:
    """FastStream's default policy: the consumer commits by itself, whether or not anything was stored.

    A slow database, and a commit every tenth of a second instead of every five seconds, make it likely that a batch is
    in hand when the process dies.
    """
    from shared.flow import kafka

    _slow_database(0.7)
    kafka.AckPolicy = SimpleNamespace(MANUAL=kafka.AckPolicy.ACK_FIRST)
    subscriber = kafka.KafkaBroker.subscriber
    kafka.KafkaBroker.subscriber = partialmethod(subscriber, auto_commit_interval_ms=100)


def no_journal() -> None:
    """A write counts when the server has it in memory."""
    from shared.storage import drivers

    for name in ("AsyncIOMotorClient", "AsyncMongoClient"):
        make = getattr(drivers, name)
        setattr(
            drivers,
            name,
            lambda *args, _make=make, **wish: _make(*args, **{**wish, "w": 1, "journal": False}),
        )


def no_unique_id() -> None:
    """The id of an item no longer follows from its author and content, and so nothing makes it unique."""
    from services.discover import api

    api.private_id = lambda *_: uuid4().hex[:26]


def publish_not_awaited() -> None:
    """An announcement counts as out when it was handed to the client library, which waits a while for more to send."""
    from shared.flow import kafka
    from shared.flow.announcer import Announcer

    kafka.AIOKafkaProducer = partial(kafka.AIOKafkaProducer, linger_ms=300)

    async def not_settled(self: Any) -> None:
        self._sending.clear()

    Announcer._settle = not_settled


def dead_letter_commits_first() -> None:
    """A message that nobody can hear is committed over before it is parked."""
    from shared.flow.ear import Ear

    _ears_can_commit()
    hear, park = Ear.hear, Ear._hear

    async def hear_and_remember(self: Any, records: Any) -> None:
        self.records = records
        await hear(self, records)

    async def commit_then_park(self: Any, heard: Any) -> None:
        if await self._culprits(list(heard)):
            await self.commit()
        await park(self, heard)

    Ear.hear, Ear._hear = hear_and_remember, commit_then_park


def random_delivery_id() -> None:
    """A delivery's id has a random part, so that hearing of an entry again delivers it again."""
    from services.spread import events

    def somewhere_new(said: Any, recipient: Any) -> str:
        return f"{events.match_id(said)}:{recipient.department}:{uuid4().hex[:8]}"

    events.ROWS = tuple(replace(row, each=somewhere_new) if row.each else row for row in events.ROWS)


def ten_matches() -> None:
    """Of those who follow an entry only ten are found, as a percolator answers when nobody asks for more."""
    from services.spread import matching

    everything = matching._percolation

    def first_ten(entry: Any, after: Any) -> Any:
        return everything(entry, after) | {"size": 10}

    matching._percolation = first_ten


@dataclass(frozen=True)
class Mutation:
    """What is taken out, and the shortest run that shows it; `servers` must be real ones for that."""

    apply: Callable[[], None]
    faults: str
    servers: tuple[str, ...] = ()


MUTATIONS: Mapping[str, Mutation] = {
    "no-pending-sweep": Mutation(no_pending_sweep, "F2"),
    "no-version-guard": Mutation(no_version_guard, "F9"),
    "commit-before-store": Mutation(commit_before_store, "F2"),
    "ack-first": Mutation(acknowledge_first, "F1,F1"),
    "no-journal": Mutation(no_journal, "F5"),
    "no-unique-id": Mutation(no_unique_id, "F1"),
    "publish-not-awaited": Mutation(publish_not_awaited, "F1,F1"),
    "dead-letter-commits-first": Mutation(dead_letter_commits_first, "F2"),
    "random-delivery-id": Mutation(random_delivery_id, "F9"),
    "ten-matches": Mutation(ten_matches, "F9", servers=("opensearch",)),
}
"""Ten pieces of safety."""


def mutate(name: str) -> None:
    """Take this piece out; nothing where none is named."""
    if name:
        MUTATIONS[name].apply()
