"""The engine: what is heard or asked goes through its steps in batches, is stored, and then said."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.contracts.base import stamp
from shared.flow.announcement import Announcement
from shared.flow.crash import crash_point
from shared.flow.errors import Fault, Passing, fault_of
from shared.flow.fold import Job, Task, fold
from shared.flow.step import On
from shared.flow.voice import Voice
from shared.observability.observer import nobody
from shared.storage.document import Collection, Document, stored

ATTEMPTS = 20
"""How often a batch is folded anew when other instances keep changing its documents."""

Projection = Callable[[Sequence[Document[Any]]], Awaitable[None]]


class Flow:
    """Takes the batches of one lane through their steps, one at a time, so that an instance never competes with itself.

    `storage` is what lookups (`On.given`) are asked of; a projection is called with every document that a batch
    touched in its collection, changed or not, because an earlier life may have stored and not projected it.
    """

    def __init__(
        self,
        rows: Sequence[On],
        storage: Any,
        voice: Voice,
        projections: Mapping[str, Projection] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.rows = rows
        self.storage = storage
        self.voice = voice
        self.documents = voice.documents
        self.lanes = voice.lanes
        self.projections = projections or {}
        self.clock = clock
        self._unanswered: tuple[Collection[Any], Sequence[Document[Any]]] | None = None
        self.observer = nobody()

    async def store(self, jobs: Sequence[Job]) -> str:
        """Take the jobs through their steps, store what comes of it, and queue what is to be said; the batch's mark.

        A job that a step refuses keeps the refusal in `job.errors`. Doing it again changes nothing and says nothing.
        """
        async with self.voice.busy:
            await self._settle()
            mark, begun = self.lanes.next_mark(), time.perf_counter()
            try:
                await self._store(jobs, mark)
            except BaseException:
                self.voice.doubt()
                raise
            self.voice.stored(mark)
            self.observer.stored(self.lanes.own.name, jobs, time.perf_counter() - begun)
            return mark

    async def _store(self, jobs: Sequence[Job], mark: str) -> None:
        touched: dict[Collection[Any], list[Document[Any]]] = {}
        try:
            for collection in collections_of(self.rows):
                touched[collection] = await self._store_in(
                    collection, await self._tasks(jobs, collection), mark
                )
        finally:
            # Other stores may be slow, and what can be stored does not wait for them; what was stored before a failure counts.
            for collection, documents in touched.items():
                await self._project(collection, documents)

    async def settle(self) -> None:
        """Do a write again that ended without an answer: once one is answered, the other can change nothing any more."""
        async with self.voice.busy:
            await self._settle()

    async def _settle(self) -> None:
        if self._unanswered is None:
            return
        collection, documents = self._unanswered
        # Before anything: should what follows fail, nobody would look any more for what this writes.
        self.voice.doubt()
        await self._save(collection, documents)
        known = await self.documents.load(collection, {document.id for document in documents})
        await self._project(collection, list(known.values()))

    async def _tasks(self, jobs: Sequence[Job], collection: Collection[Any]) -> list[Task]:
        tasks: list[Task] = []
        for row in self.rows:
            if row.into.name != collection.name:
                continue
            heard = [job for job in jobs if type(job.heard) is row.heard]
            found = await self._given(row, heard)
            for job, one in zip(heard, found, strict=True):
                tasks += [Task(job, row, key, given) for key, given in row.targets(job.heard, one)]
        order = {id(job): place for place, job in enumerate(jobs)}
        return sorted(tasks, key=lambda task: order[id(task.job)])

    async def _given(self, row: On, heard: Sequence[Job]) -> Sequence[Any]:
        if row.given is None or not heard:
            return [None] * len(heard)
        return await row.given(self.storage, [job.heard for job in heard])

    async def _store_in(
        self, collection: Collection[Any], tasks: Sequence[Task], mark: str
    ) -> list[Document[Any]]:
        left, touched = list(tasks), list[Document[Any]]()
        looked_for = {task.id for task in tasks if not task.row.creates}
        for _ in range(ATTEMPTS):
            if not left:
                return touched
            known = await self.documents.load(collection, looked_for)
            found, lost = await self._try_to_store(collection, left, known, mark)
            touched += found
            looked_for = lost
            left = [task for task in left if task.id in lost]
        raise Passing("Others keep changing the same documents.")

    async def _try_to_store(
        self,
        collection: Collection[Any],
        tasks: Sequence[Task],
        known: dict[str, Document[Any]],
        mark: str,
    ) -> tuple[list[Document[Any]], set[str]]:
        changed = fold(tasks, known, stamp(self.clock()))
        await self._learn_of_others(known)
        ready = [
            replace(one, mark=mark, announced=self._out_before(known.get(one.id))) for one in changed.values()
        ]
        crash_point("before-store")
        lost = await self._save(collection, ready) if ready else set()
        crash_point("after-store")
        saved = [document for document in ready if document.id not in lost]
        self.voice.say(
            [said for document in saved for said in self._to_say(document, known.get(document.id))]
        )
        touched = known | {document.id: stored(document) for document in saved}
        return [document for key, document in touched.items() if key not in lost], lost

    async def _save(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> set[str]:
        self._unanswered = (collection, documents)
        try:
            lost = await self.documents.save(collection, documents)
        except Exception as error:
            if fault_of(error) is not Fault.PASSING:
                self._unanswered = None
            raise
        self._unanswered = None
        return lost

    async def _learn_of_others(self, known: Mapping[str, Document[Any]]) -> None:
        marks = [document.mark for document in known.values()]
        if any(not self.lanes.is_own(mark) and not self.lanes.is_done(mark) for mark in marks):
            await self.lanes.refresh()

    def _out_before(self, known: Document[Any] | None) -> int:
        if known is None:
            return 0
        return len(known.history) if self.lanes.is_done(known.mark) else known.announced

    def _to_say(self, saved: Document[Any], known: Document[Any] | None) -> list[Announcement]:
        queued = len(known.history) if known and self.lanes.is_own(known.mark) else saved.announced
        return [Announcement.loaded(raw) for raw in saved.history[queued:]]

    async def _project(self, collection: Collection[Any], documents: Sequence[Document[Any]]) -> None:
        if project := self.projections.get(collection.name):
            await project(documents)


def collections_of(rows: Sequence[On]) -> list[Collection[Any]]:
    """The collections that steps write, in the order in which a batch goes through them."""
    return list({row.into.name: row.into for row in rows}.values())
