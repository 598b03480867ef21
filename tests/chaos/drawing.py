"""Draws what happened when, as SVG made from the samples: load, lag, pending and memory over the faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from tests.chaos.arena import Ran
from tests.chaos.run import Result
from tests.chaos.timeline import Sample

WIDTH, LEFT, RIGHT, TOP = 1200, 64, 16, 44
PANEL, GAP, AXIS = 110, 34, 24
COLOURS = {"discover": "#2f6fb3", "share": "#2c9a6b", "codify": "#b8862b", "spread": "#a6427f"}
ANSWERS = {"ok": "#6f9fd0", "unknown": "#d9a441", "failed": "#c2483d"}
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Scale:
    """From seconds and amounts to places in the drawing."""

    seconds: float
    most: float
    top: float

    def x(self, second: float) -> float:
        """Where a second is."""
        return LEFT + (WIDTH - LEFT - RIGHT) * second / self.seconds

    def y(self, amount: float) -> float:
        """Where an amount is."""
        return self.top + PANEL * (1 - min(1, amount / self.most))

    def line(self, points: Points) -> str:
        """The points as SVG likes them."""
        return " ".join(f"{self.x(second):.1f},{self.y(amount):.1f}" for second, amount in points)


def timeline(result: Result) -> str:
    """The whole drawing, one panel below the other over one axis."""
    panels = (_answers, _lag, _pending, _memory)
    height = TOP + len(panels) * (PANEL + GAP) + AXIS
    seconds = max(result.seconds, 1.0)
    drawn = [draw(result, seconds, TOP + number * (PANEL + GAP)) for number, draw in enumerate(panels)]
    bands = _bands(result.faults, seconds, height - AXIS - GAP)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="What happened when">'
        f"{bands}{''.join(drawn)}{_seconds(seconds, height - AXIS - GAP + 16)}</svg>"
    )


def _bands(faults: Sequence[Ran], seconds: float, bottom: float) -> str:
    scale, drawn = Scale(seconds, 1, 0), []
    for number, ran in enumerate(one for one in faults if not one.not_run):
        left, right = scale.x(ran.began), scale.x(ran.ended)
        recovery = scale.x(ran.well) - right
        title = escape(f"{ran.fault} {ran.title}: {ran.began:.0f} s to {ran.ended:.0f} s")
        drawn.append(
            f'<g><title>{title}</title><rect class="band{" bad" if ran.failed else ""}" x="{left:.1f}" y="{TOP - 10}" '
            f'width="{max(1, right - left):.1f}" height="{bottom - TOP + 10:.0f}"/>'
            f'<rect class="recovery" x="{right:.1f}" y="{TOP - 10}" width="{max(0, recovery):.1f}" height="{bottom - TOP + 10:.0f}"/>'
            f'<text class="fault" x="{left:.1f}" y="{TOP - 16 - 12 * (number % 2)}">{ran.fault}</text></g>'
        )
    return "".join(drawn)


def _panel(scale: Scale, title: str, inside: str) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{scale.y(amount):.1f}" y2="{scale.y(amount):.1f}"/>'
        f'<text class="tick" x="{LEFT - 6}" y="{scale.y(amount) + 4:.1f}">{_short(amount)}</text>'
        for amount in (0, scale.most / 2, scale.most)
    )
    return f'{ticks}{inside}<text class="panel" x="{LEFT}" y="{scale.top - 5}">{escape(title)}</text>'


def _short(amount: float) -> str:
    return f"{amount / 1000:g}k" if amount >= 1000 else f"{amount:g}"


def _round(amount: float) -> float:
    """The next number with one digit that counts, even, so that half of it reads well."""
    size = 10 ** (len(str(ceil(max(amount, 1)))) - 1)
    return float(ceil(max(amount, 1) / size / 2) * 2 * size)


def _answers(result: Result, seconds: float, top: float) -> str:
    rows = result.timeline.answers()
    scale = Scale(seconds, _round(max((sum(row.values()) for row in rows), default=1)), top)
    base, drawn = [0.0] * len(rows), []
    for kind, colour in ANSWERS.items():
        upper = [below + row[kind] for below, row in zip(base, rows, strict=True)]
        outline = [*enumerate(upper), *reversed([*enumerate(base)])]
        drawn.append(f'<polygon fill="{colour}" points="{scale.line(outline)}"/>')
        base = upper
    return _panel(scale, "answers a second", "".join(drawn) + _legend(ANSWERS, top))


def _lines(
    result: Result, seconds: float, top: float, title: str, read: Callable[[Sample], Mapping[str, float]]
) -> str:
    samples = result.timeline.samples
    most = max((value for sample in samples for value in read(sample).values()), default=1)
    scale, drawn = Scale(seconds, _round(most), top), []
    for service, colour in COLOURS.items():
        runs = _unbroken([(sample.at, read(sample).get(service)) for sample in samples])
        drawn += [f'<polyline stroke="{colour}" points="{scale.line(run)}"/>' for run in runs]
    return _panel(scale, title, "".join(drawn) + _legend(COLOURS, top))


def _unbroken(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """The points in runs without gaps: where a service did not answer there is no line."""
    runs: list[list[tuple[float, float]]] = [[]]
    for second, amount in points:
        if amount is None:
            runs.append([])
        else:
            runs[-1].append((second, amount))
    return [run for run in runs if run]


def _lag(result: Result, seconds: float, top: float) -> str:
    return _lines(
        result, seconds, top, "lag: records not heard yet (no line: not ready)", lambda sample: sample.lag
    )


def _pending(result: Result, seconds: float, top: float) -> str:
    return _lines(
        result, seconds, top, "pending: documents with something not announced", lambda sample: sample.pending
    )


def _memory(result: Result, seconds: float, top: float) -> str:
    return _lines(result, seconds, top, "memory of each service, MB", lambda sample: sample.memory)


def _legend(colours: Mapping[str, str], top: float) -> str:
    return "".join(
        f'<text class="legend" fill="{colour}" x="{WIDTH - RIGHT - 70 * (len(colours) - number)}" y="{top - 5}">{name}</text>'
        for number, (name, colour) in enumerate(colours.items())
    )


def _seconds(seconds: float, y: float) -> str:
    scale, step = Scale(seconds, 1, 0), max(10, round(seconds / 12, -1))
    marks = [step * number for number in range(int(seconds / step) + 1)]
    return "".join(
        f'<text class="tick second" x="{scale.x(mark):.1f}" y="{y}">{mark:.0f} s</text>' for mark in marks
    )
