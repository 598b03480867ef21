"""Administrators say who has the say over which topics.

Hears   AppointCurator and DismissCurator, from codify's own API
Says    nothing
Next    services/codify/steps/decide_review.py, which asks who has the say now
"""

from pydantic import BaseModel

from services.codify.domain.review import Curator
from shared.contracts.base import Who
from shared.flow.step import Moment, Outcome, Refused, unchanged


class AppointCurator(BaseModel):
    """The wish to give somebody the say over topics, and to know their keys."""

    person: Who
    topics: tuple[str, ...]
    own_keys: tuple[str, ...]


class DismissCurator(BaseModel):
    """The wish to take the say from somebody."""

    person_id: str


def appoint_curator(_: Curator | None, heard: AppointCurator, __: Moment) -> Outcome[Curator]:
    """Give them the say over exactly these topics from now on."""
    return Outcome(Curator(**dict(heard)))


def dismiss_curator(curator: Curator | None, _: DismissCurator, __: Moment) -> Outcome[Curator]:
    """Take all say from them at once; doing it again changes nothing.

    Raises:
        Refused: they never were a curator.
    """
    if curator is None:
        raise Refused("This person is no curator; `knowhow curators list` shows who is.", 404)
    return unchanged(curator) if curator.removed else Outcome(curator.model_copy(update={"removed": True}))
