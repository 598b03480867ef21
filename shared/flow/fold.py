"""Folds a batch through its steps, document by document: pure, so that a batch means what its members mean one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.flow.announcement import Announcement, Cause
from shared.flow.step import Moment, On
from shared.storage.document import Document


@dataclass(eq=False)
class Job:
    """Something heard, what caused it, and what became of it."""

    heard: Any
    cause: Cause
    errors: dict[str, Exception] = field(default_factory=dict)
    documents: dict[str, Document[Any]] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)

    @property
    def changed(self) -> bool:
        """True where it made a difference to a document."""
        return bool(self.changes)

    def changed_in(self, collection: str) -> bool:
        """True where it made a difference to a document of this collection."""
        return any(place.startswith(f"{collection}/") for place in self.changes)


@dataclass(frozen=True)
class Task:
    """One step of one job on one document."""

    job: Job
    row: On
    id: str
    given: Any = None

    @property
    def place(self) -> str:
        """Collection and document."""
        return f"{self.row.into.name}/{self.id}"


def fold(
    tasks: Iterable[Task], known: Mapping[str, Document[Any]], now: datetime
) -> dict[str, Document[Any]]:
    """Run the tasks in order; the documents that are new or changed, not saved yet.

    A task that raises leaves its document as it was and its error in the job; the others go on.
    """
    current = dict(known)
    for task in tasks:
        document = current.get(task.id) or Document(id=task.id)
        task.job.errors.pop(task.place, None)
        task.job.changes.discard(task.place)
        try:
            current[task.id] = _apply(task, document, now)
        except Exception as error:  # noqa: BLE001 - a step's bug belongs to its job, whatever it is.
            task.job.errors[task.place] = error
    return {
        key: document
        for key, document in current.items()
        if document is not known.get(key) and document.state
    }


def _apply(task: Task, document: Document[Any], now: datetime) -> Document[Any]:
    moment = Moment(now, task.id, task.job.cause.said_at or now, task.given)
    outcome = task.row.step(document.state, task.job.heard, moment)
    task.job.documents[task.row.into.name] = document
    if outcome.state == document.state and not outcome.says:
        return document
    numbered = enumerate(outcome.says, start=len(document.history) + 1)
    said = [Announcement.of(one, f"{task.place}/{n}", task.job.cause, now) for n, one in numbered]
    changed = replace(
        document, state=outcome.state, history=(*document.history, *map(Announcement.stored, said))
    )
    task.job.documents[task.row.into.name] = changed
    task.job.changes.add(task.place)
    return changed
