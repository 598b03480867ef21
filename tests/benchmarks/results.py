"""What a benchmark finds: figures beside their goals, and what the report draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Figure:
    """One figure: a median over `runs` with the interval in which the true one lies with 95 %, beside its goal.

    With fewer than six runs `low` and `high` are the range of what was seen, which holds the true one less often.
    `best` says which way is better; a figure without a goal only informs.
    """

    name: str
    value: float
    low: float
    high: float
    runs: int
    unit: str = ""
    goal: float | None = None
    best: Literal["low", "high"] = "low"

    @property
    def certain(self) -> bool:
        """Whether there are runs enough for 95 %; all of them together hold the true median with 1 - 2 * 0.5 ** runs."""
        return 1 - 2 * 0.5**self.runs >= CONFIDENCE

    @property
    def reached(self) -> bool | None:
        """Whether the median keeps the goal; None where there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.best == "low" else self.value >= self.goal


@dataclass(frozen=True)
class Curve:
    """Lines over two logarithmic axes; each point is (x, y)."""

    title: str
    x: str
    y: str
    lines: Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Histogram:
    """How often something took how many milliseconds."""

    title: str
    x: str
    samples: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Stack:
    """Bars made of parts, one above the other in the order in which the first bar names them."""

    title: str
    y: str
    bars: Mapping[str, Mapping[str, float]]


Plot = Curve | Histogram | Stack


@dataclass(frozen=True)
class Result:
    """One benchmark: what was done, the figures, the plots.

    `relative` is CPU per item over that of the comparison in the same run: what a baseline on another machine can be
    compared with. `notes` say what a reader must know to judge the figures. `failed` says why nothing was measured, or is
    empty.
    """

    name: str
    title: str
    figures: Sequence[Figure]
    plots: Sequence[Plot] = ()
    relative: Figure | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    seconds: float = 0.0
    failed: str = ""
