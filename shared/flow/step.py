"""What a step is: a pure function from what we know and what we heard to what we know now and what we say."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from pydantic import BaseModel
from typing_extensions import TypeVar

from shared.contracts.base import Said
from shared.storage.document import Collection

State = TypeVar("State", bound=BaseModel)
Given = TypeVar("Given", default=None)


class Refused(Exception):  # noqa: N818 - it names what happened, as the steps say it.
    """The rules say no: a problem for the person who asks, a dead letter for what came from a topic.

    `status` is the HTTP status that fits best; the message is a sentence that tells what to do.
    """

    def __init__(self, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Moment(Generic[Given]):
    """What a step may know beside its document: the time, the document's id, and what was looked up for it.

    `said_at` is when what is heard was said; for a command that is now.
    """

    now: datetime
    id: str
    said_at: datetime
    given: Given = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Outcome(Generic[State]):
    """What is known now, and what is said because of it."""

    state: State | None
    says: Sequence[Said] = ()


def unchanged(state: State | None) -> Outcome[State]:
    """Nothing new: nothing is written and nothing is said."""
    return Outcome(state)


Step = Callable[[Any, Any, Moment[Any]], Outcome[Any]]
Lookup = Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]


@dataclass(frozen=True)
class On:
    """One row of a service's table: this event or command goes to this step, into this collection, under this key.

    `given` looks up, for a whole batch at once, what the step must know beyond its own document: it takes the
    service's storage and what was heard, and answers one value for each. With `each`, that value is a sequence,
    and the step runs once for each of its members, on the document whose id `each` names.

    `creates` is for a step that makes its document: nobody looks for it first, because one that exists is noticed when it is
    written, and then the step runs again with it. Where such a step leaves nothing as nothing, it must leave any document as
    it is.
    """

    heard: type[BaseModel]
    step: Step
    into: Collection[Any]
    key: Callable[[Any], str] = lambda heard: str(heard.item_id)
    given: Lookup | None = None
    each: Callable[[Any, Any], str] | None = None
    creates: bool = False

    def targets(self, heard: BaseModel, found: Any) -> list[tuple[str, Any]]:
        """The documents that the step runs on, with what each of them is given."""
        if self.each:
            return [(self.each(heard, one), one) for one in found]
        return [(self.key(heard), found)]
