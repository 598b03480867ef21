"""What happened to an item, told in sentences."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.discover.domain.item import Stage
from shared.contracts import codify, discover, share, spread
from shared.contracts.base import Contract, Said


class Note(Contract):
    """One thing that happened to an item."""

    item_id: str
    at: datetime
    service: str
    type: str
    what: str
    who: str | None = None


def _with(fact: str, remark: str | None) -> str:
    return f"{fact}: “{remark}”" if remark else f"{fact}."


def _adopted(said: spread.AdoptionReported) -> str:
    return _with(f"{said.department.capitalize()} tried it: {said.outcome}", said.note)


SENTENCES: dict[type[Said], Callable[[Any], str]] = {
    discover.ItemCaptured: lambda said: (
        f"Captured; it follows {said.follows}." if said.follows else "Captured."
    ),
    discover.ItemAmended: lambda said: f"Amended; this is version {said.version}.",
    discover.ItemWithdrawn: lambda _: "Withdrawn by its author.",
    share.ItemShared: lambda said: f"Shared with {', '.join(said.communities) or 'everybody'}.",
    share.ItemRevised: lambda said: f"Version {said.version} reached the communities.",
    share.ItemTakenBack: lambda _: "Taken back from the communities.",
    share.ItemEndorsed: lambda said: _with("Endorsed", said.comment),
    share.ItemTried: lambda said: _with(f"Tried: {said.outcome}", said.note),
    share.ItemNominated: lambda said: _with("Nominated for the library", said.evidence.reason),
    codify.ReviewOpened: lambda said: f"Version {said.version} waits for a curator.",
    codify.DecisionRefused: lambda said: f"A decision did not count: {said.why}",
    codify.ChangesRequested: lambda said: _with("Changes requested", said.reason),
    codify.ItemRejected: lambda said: _with("Rejected", said.reason),
    codify.ItemMerged: lambda said: _with(f"Merged into {said.into}", said.reason),
    codify.ItemApproved: lambda said: _with("Approved", said.reason),
    codify.EntryPublished: lambda said: f"Published in the library as version {said.version}.",
    codify.EntryRevised: lambda said: f"Published in the library as version {said.version}.",
    codify.EntryRetired: lambda said: _with("Retired from the library", said.reason),
    spread.EntryDelivered: lambda said: f"Delivered to {said.department}: {', '.join(said.because)}.",
    spread.AdoptionReported: _adopted,
}
"""What each event means for its item, in a sentence."""

STAGES: dict[type[Said], Stage] = {
    share.ItemShared: Stage.SHARED,
    share.ItemRevised: Stage.SHARED,
    share.ItemNominated: Stage.NOMINATED,
    codify.ReviewOpened: Stage.NOMINATED,
    codify.ChangesRequested: Stage.CHANGES_REQUESTED,
    codify.ItemRejected: Stage.REJECTED,
    codify.ItemMerged: Stage.MERGED,
    codify.ItemApproved: Stage.APPROVED,
    codify.EntryPublished: Stage.PUBLISHED,
    codify.EntryRevised: Stage.PUBLISHED,
    codify.EntryRetired: Stage.RETIRED,
    spread.EntryDelivered: Stage.DELIVERED,
    spread.AdoptionReported: Stage.ADOPTED,
}
"""The stage that an item reaches with each event; what is not here moves no item."""


def tell(said: Said) -> str:
    """What happened, in a sentence."""
    return SENTENCES[type(said)](said)


def in_general(kind: str) -> str:
    """What sort of thing happened, by an event's name alone: it names nobody and quotes nothing."""
    return f"{re.sub('(?<=[a-z])(?=[A-Z])', ' ', kind).capitalize()}."


def doer(said: Said) -> str | None:
    """Who did it, as far as everybody may know."""
    match said:
        case discover.ItemCaptured():
            return said.author.name
        case share.ItemEndorsed() | share.ItemTried() | spread.AdoptionReported():
            return said.who.name
        case codify.Decided():
            return said.by.name
        case _:
            return None


def stage_of(said: Said) -> tuple[int, Stage] | None:
    """The version of the item that an event is about, and the stage that it thereby reached."""
    stage = STAGES.get(type(said))
    version = getattr(said, "item_version", None) or getattr(said, "version", None)
    return (version, stage) if stage and version else None
