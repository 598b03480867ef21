"""Keeps count while one command asks the same for many items, and tells how far it came however it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import typer

from shared.cli import show
from shared.cli.stop import Code, Stop

REFUSED: show.Columns = {
    "id": lambda row: row["item_id"],
    "refused because": lambda row: " ".join([row["detail"], *(one["detail"] for one in row["errors"])]),
}


@dataclass
class Tally:
    """What became of each item so far; `moved` is called after each."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    moved: Callable[[str], object] = str

    def done(self, item_id: str, **more: Any) -> None:
        """The house did, or will do, what was asked."""
        self._note(item_id, outcome="done", **more)

    def refused(self, item_id: str, stop: Stop) -> None:
        """The house would not."""
        self._note(item_id, outcome="refused", detail=str(stop), errors=stop.problem.get("errors") or [])

    @property
    def refusals(self) -> list[dict[str, Any]]:
        """What the house would not do."""
        return [row for row in self.rows if row["outcome"] == "refused"]

    def _note(self, item_id: str, **outcome: Any) -> None:
        self.rows.append({"item_id": item_id, **outcome})
        self.moved("")


@contextmanager
def tallied(what: str, of: int, done: str, *, as_json: bool) -> Iterator[Tally]:
    """A tally under a progress bar; at the end it is told, and the command ends with 1 if anything was refused."""
    tally = Tally()
    try:
        with show.progress(what, of) as tally.moved:
            yield tally
    finally:
        # Also after Ctrl-C and when a server went away: people must learn how far it came.
        _tell(tally, of, done, as_json=as_json)
    if tally.refusals:
        raise typer.Exit(Code.REFUSED)


def _tell(tally: Tally, of: int, done: str, *, as_json: bool) -> None:
    if as_json:
        show.listing(tally.rows, {}, as_json=True)
    else:
        _tell_people(tally, done)
    if left := of - len(tally.rows):
        show.note(f"{left} of {of} are not done; run the same again to go on.")


def _tell_people(tally: Tally, done: str) -> None:
    refused = tally.refusals
    if refused:
        show.listing(refused, REFUSED, as_json=False)
    show.say(f"{done}: {len(tally.rows) - len(refused):,}; refused: {len(refused):,}.")
