"""Honest figures on a shared machine: CPU of processes, sides in turns, medians with an interval."""

import math
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

from tests.benchmarks.results import CONFIDENCE, Figure

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One side, measured once: how much was done, in which time, and with which CPU seconds by process."""

    items: int
    seconds: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.items / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU an item, summed over the processes."""
        return sum(self.cpu.values()) * 1000 / self.items


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads (proc(5), fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mb(pid: int) -> float:
    """The memory that a process holds now, in units of 1,000,000 bytes (proc(5), VmRSS)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kilobytes) * 1024 / 1e6


Side = Callable[[], Awaitable[Run]]


async def in_turns(pairs: int, ours: Side, theirs: Side) -> list[tuple[Run, Run]]:
    """Pairs of runs of both sides in the order ABBA, so that what drifts meanwhile disturbs both alike."""
    found: list[tuple[Run, Run]] = []
    for number in range(pairs):
        if number % 2:
            second = await theirs()
            found.append((await ours(), second))
        else:
            found.append((await ours(), await theirs()))
    return found


def interval(samples: Sequence[float]) -> tuple[float, float]:
    """Between which two of the samples the true median lies with 95 %; with fewer than six, all that was seen.

    By the binomial distribution of how many samples lie below the median, so nothing is assumed about their shape.
    """
    ordered, count = sorted(samples), len(samples)
    tail, rank = 0.0, 0
    for below in range(count // 2):
        tail += math.comb(count, below) / 2**count
        if tail > (1 - CONFIDENCE) / 2:
            break
        rank = below
    return ordered[rank], ordered[count - 1 - rank]


def figure(
    name: str,
    samples: Iterable[float],
    unit: str = "",
    goal: float | None = None,
    best: Literal["low", "high"] = "low",
) -> Figure:
    """The median of the samples, with its interval."""
    seen = list(samples)
    low, high = interval(seen)
    return Figure(name, median(seen), low, high, len(seen), unit, goal, best)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the straight line through the logarithms of the points, by least squares."""
    xs, ys = [math.log10(x) for x, _ in points], [math.log10(y) for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    up = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return up / sum((x - middle_x) ** 2 for x in xs)


def quantile(samples: Sequence[float], share: float) -> float:
    """The sample below which this share of them lies."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
