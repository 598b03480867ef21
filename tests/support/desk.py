"""One lane of a service without Kafka: what a process had stored when it died, or how a batch goes through it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from shared.flow.announcement import Announcement, Cause
from shared.flow.announcer import Announcer
from shared.flow.ending import end
from shared.flow.flow import Flow, collections_of
from shared.flow.fold import Job
from shared.flow.lanes import LANES, Lanes
from shared.flow.step import On
from shared.flow.voice import Voice
from shared.settings import Settings
from shared.storage.documents import Documents
from shared.storage.drivers import close, connect
from tests.support.counting import Counting
from tests.support.eventually import eventually


class Listener(Announcer):
    """Takes announcements and keeps them."""

    def __init__(self) -> None:
        super().__init__(cast("Any", None), "nobody")
        self.said: list[str] = []

    async def announce(self, said: Sequence[Announcement], again: str = "") -> None:
        """Remember their ids, in order."""
        self.said += [f"{one.id} again" if again else one.id for one in said]


@dataclass
class Desk:
    """A lane in which commands are stored; nothing is said unless its voice runs."""

    flow: Flow
    listener: Listener

    @property
    def documents(self) -> Documents:
        """The service's documents."""
        return self.flow.documents

    @property
    def voice(self) -> Voice:
        """What would announce."""
        return self.flow.voice

    async def store(self, *commands: BaseModel) -> str:
        """Store one batch; its mark."""
        return await self.flow.store([Job(command, Cause.request()) for command in commands])

    async def out(self, mark: str) -> None:
        """Return when all up to this mark was said, and the database says so."""
        await self.voice.out(mark)
        await eventually(lambda: self._says_done(mark))

    async def _says_done(self, mark: str) -> None:
        assert await self.done() >= mark

    async def done(self) -> str:
        """The last batch of this lane that the database says is out."""
        row = await self.documents.database[LANES].find_one({"_id": self.flow.lanes.own.name})
        return str(row.get("done", ""))


@asynccontextmanager
async def desk(
    settings: Settings,
    counting: Counting,
    lane: str = "dead",
    kind: type[Documents] = Documents,
    rows: tuple[On, ...] = (),
) -> AsyncIterator[Desk]:
    """A lane of the service, until the block ends."""
    client = connect(settings.mongodb, settings.driver)
    documents = kind(client[f"{settings.prefix}knowhow_{counting.name}"])
    rows = rows or counting.rows
    listener = Listener()
    lanes = Lanes(documents, listener, lane)
    try:
        await documents.prepare(collections_of(rows))
        await lanes.open()
        voice = Voice(documents, collections_of(rows), listener, lanes)
        yield Desk(Flow(rows, documents, voice), listener)
    finally:
        await close(client)


@asynccontextmanager
async def talking(one: Desk) -> AsyncIterator[None]:
    """Let its voice run until the block ends."""
    task = asyncio.create_task(one.voice.run())
    try:
        yield
    finally:
        await end([task])
