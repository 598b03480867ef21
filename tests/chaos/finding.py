"""What the oracle says about one invariant: what it counted, and everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 8


@dataclass
class Finding:
    """One invariant's verdict; it holds where nothing is wrong and there was something to count."""

    name: str
    says: str
    counted: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """True where nothing is wrong; an invariant that saw nothing does not hold either."""
        return not self.wrong and any(self.counted.values())

    def count(self, what: str, number: int = 1) -> None:
        """So many more of these were looked at."""
        self.counted[what] = self.counted.get(what, 0) + number

    def expect(self, right: bool, otherwise: str) -> None:
        """Write it down as wrong unless it is right."""
        if not right:
            self.wrong.append(otherwise)

    def as_json(self) -> Mapping[str, Any]:
        """For the report."""
        return {
            "name": self.name,
            "says": self.says,
            "holds": self.holds,
            "counted": self.counted,
            "wrong": len(self.wrong),
            "examples": self.wrong[:SHOWN],
        }
