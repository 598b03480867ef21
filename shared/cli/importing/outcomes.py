"""What became of each row."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.cli.importing.rows import Row
from shared.cli.stop import Stop

WORDS = ("captured", "exists", "repeats", "refused")


@dataclass(frozen=True)
class Outcome:
    """One row and what became of it: one of `WORDS`, the item's id if it has one, and why it was refused."""

    row: Row
    word: str
    item_id: str = ""
    why: str = ""
    errors: Sequence[Any] = field(default_factory=tuple)

    def told(self) -> str:
        """What became of it, as people read it."""
        if self.word == "repeats":
            return f"repeats {self.row.repeats}"
        pointed = "".join(f"; {wrong.get('pointer')}: {wrong.get('detail')}" for wrong in self.errors)
        return f"refused: {self.why}{pointed}" if self.word == "refused" else self.word

    def document(self) -> dict[str, Any]:
        """What became of it, as programs read it."""
        row = self.row
        said: dict[str, Any] = {
            "file": row.file,
            "row": row.number or None,
            "line": row.line,
            "title": row.title,
        }
        said |= {"outcome": self.word, "item_id": self.item_id, "repeats": row.repeats, "note": row.note}
        said |= {"detail": self.why, "errors": list(self.errors)}
        return {name: value for name, value in said.items() if value not in (None, "", [])}


def unsent(row: Row) -> Outcome:
    """What became of a row that the house need not see."""
    return Outcome(row, "refused", why=row.refused) if row.refused else Outcome(row, "repeats")


def refused(row: Row, stop: Stop) -> Outcome:
    """What became of a row that the house refused."""
    return Outcome(row, "refused", why=str(stop), errors=stop.problem.get("errors") or ())


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How often each thing happened, in the order of `WORDS`."""
    numbers = Counter(outcome.word for outcome in outcomes)
    return {word: numbers[word] for word in WORDS}
