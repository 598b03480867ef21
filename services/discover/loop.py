"""Draws the circulation: a ring of four quarters, each filled with dots for what is in it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.discover.circulation import SERVICE_OF
from services.discover.domain.item import Stage
from services.discover.shown import Circulation

STARTS = {"discover": 180, "share": 270, "codify": 0, "spread": 90}
"""The angle at which each quarter begins, clockwise from the right."""

INNER, MIDDLE, OUTER = 196, 231, 266
GAP, LENGTH, TIP = 3, 84, 5
LANES = ((MIDDLE + 20, 0.0), (MIDDLE, 3.6), (MIDDLE - 20, 0.0))
STEP = 3.6
COLUMNS = 21
FULL = 57
"""As many dots as the fullest quarter should have at most."""


@dataclass(frozen=True)
class Dot:
    """One or more items at a stage."""

    x: float
    y: float
    stage: str


@dataclass(frozen=True)
class Quarter:
    """One service's part of the ring."""

    service: str
    count: int
    stages: dict[str, int]
    band: str
    line: str
    dots: list[Dot]


@dataclass(frozen=True)
class Loop:
    """The whole ring; each dot stands for `worth` items, and `left` counts what went out of the circulation."""

    quarters: list[Quarter]
    worth: int
    total: int
    left: dict[str, int]


def draw(found: Circulation) -> Loop:
    """The ring for what is where; the same numbers give the same picture."""
    worth = next(each for each in _worths() if max(found.stages.values()) <= each * FULL)
    quarters = [_quarter(service, found, worth) for service in STARTS]
    left = {stage: count for stage, count in found.detail.items() if stage not in SERVICE_OF and count}
    return Loop(
        quarters, worth, sum(found.stages.values()), {stage.value: count for stage, count in left.items()}
    )


def _worths() -> Iterator[int]:
    return (digit * 10**zeros for zeros in range(12) for digit in (1, 2, 5))


def _quarter(service: str, found: Circulation, worth: int) -> Quarter:
    stages = {stage: found.detail.get(stage, 0) for stage in Stage if SERVICE_OF.get(stage) == service}
    start = STARTS[service] + GAP
    return Quarter(
        service=service,
        count=found.stages[service],
        stages={stage.value: count for stage, count in stages.items()},
        band=_band(start),
        line=_line(STARTS[service]),
        dots=list(_dots(start + LENGTH, stages, worth)),
    )


def _dots(front: float, stages: Mapping[Stage, int], worth: int) -> Iterator[Dot]:
    # What came furthest stands at the front, where the next quarter begins.
    queue = [stage for stage in reversed(list(stages)) for _ in range(math.ceil(stages[stage] / worth))]
    for place, stage in enumerate(queue[: COLUMNS * len(LANES)]):
        column, lane = divmod(place, len(LANES))
        radius, ahead = LANES[lane]
        yield Dot(*_at(radius, front - 5 + ahead - column * STEP), stage.value)


def _band(start: float) -> str:
    end = start + LENGTH
    outer = f"M{_point(OUTER, start)} A{OUTER} {OUTER} 0 0 1 {_point(OUTER, end)}"
    inner = (
        f"L{_point(MIDDLE, end + TIP)} L{_point(INNER, end)} A{INNER} {INNER} 0 0 0 {_point(INNER, start)}"
    )
    return f"{outer} {inner} L{_point(MIDDLE, start + TIP)} Z"


def _line(start: float) -> str:
    # Below the middle the line runs the other way, so that what is written along it stands upright.
    if start in {0, 90}:
        return (
            f"M{_point(OUTER + 22, start + 90)} A{OUTER + 22} {OUTER + 22} 0 0 0 {_point(OUTER + 22, start)}"
        )
    return f"M{_point(OUTER + 12, start)} A{OUTER + 12} {OUTER + 12} 0 0 1 {_point(OUTER + 12, start + 90)}"


def _at(radius: float, angle: float) -> tuple[float, float]:
    turn = math.radians(angle)
    return round(radius * math.cos(turn), 1), round(radius * math.sin(turn), 1)


def _point(radius: float, angle: float) -> str:
    return "{} {}".format(*_at(radius, angle))
