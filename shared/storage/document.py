"""What is stored: one document for each aggregate, without any driver, so that pure code may name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

State = TypeVar("State", bound=BaseModel)


@dataclass(frozen=True)
class Collection(Generic[State]):
    """Where one kind of aggregate is kept, what its state is, and which fields its queries need."""

    name: str
    model: type[State]
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document(Generic[State]):
    """One aggregate: its state, everything that it has said in order, and how much of that is known to be out.

    `mark` names the batch that wrote it (see shared/flow/lanes.py); version 0 is not stored yet.
    One that is not `whole` was read without its history: it is to be looked at, never to be saved or announced.
    """

    id: str
    version: int = 0
    state: State | None = None
    history: tuple[Mapping[str, Any], ...] = ()
    announced: int = 0
    mark: str = ""
    whole: bool = True

    @property
    def known(self) -> State:
        """The state of a document that is stored.

        Raises:
            LookupError: nothing has been stored under this id.
        """
        if self.state is None:
            raise LookupError(self.id)
        return self.state

    def unannounced(self) -> Sequence[Mapping[str, Any]]:
        """What may not be on its topic yet.

        Raises:
            ValueError: the document was read without its history.
        """
        self.must_be_whole()
        return self.history[self.announced :]

    def must_be_whole(self) -> None:
        """Do nothing where the history was read.

        Raises:
            ValueError: it was not.
        """
        if not self.whole:
            raise ValueError(f"{self.id} was read without its history; load it by its id.")


def stored(document: Document[State]) -> Document[State]:
    """The document as it is after it was saved."""
    return replace(document, version=document.version + 1)
