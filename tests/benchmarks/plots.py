"""Plots as inline SVG: logarithmic curves, histograms and stacked bars, drawn with a few helpers and no library."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from tests.benchmarks.results import Curve, Histogram, Plot, Stack

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 18, 46
COLOURS = ("var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)")
BINS = 40
SHOWN = 0.99
"""The share of samples that a histogram shows; the few slowest would squeeze the rest."""


class Axis:
    """Turns values into places between two pixels."""

    def __init__(self, low: float, high: float, start: float, end: float, *, log: bool = False) -> None:
        self.log = log
        self.low, self.high = (math.log10(low), math.log10(high)) if log else (low, high)
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        """The place of a value."""
        place = math.log10(value) if self.log else value
        return round(
            self.start + (place - self.low) / (self.high - self.low or 1) * (self.end - self.start), 1
        )

    def ticks(self) -> Iterator[float]:
        """Round values: powers of ten, with 2 and 5 between them where they are few; or about five even steps."""
        if self.log:
            digits = (1, 2, 5) if self.high - self.low < 2 else (1,)
            powers = range(math.floor(self.low), math.ceil(self.high) + 1)
            found = (digit * 10.0**power for power in powers for digit in digits)
            yield from (one for one in found if self.low - 1e-9 <= math.log10(one) <= self.high + 1e-9)
            return
        rough = (self.high - self.low) / 5 or 1
        step = next(
            each
            for each in (d * 10.0 ** math.floor(math.log10(rough)) for d in (1, 2, 5, 10))
            if each >= rough
        )
        yield from (step * n for n in range(math.ceil(self.low / step), math.floor(self.high / step) + 1))


def draw(plot: Plot) -> str:
    """The plot as an SVG element."""
    match plot:
        case Curve():
            body, legend = _curve(plot)
        case Histogram():
            body, legend = _histogram(plot)
        case Stack():
            body, legend = _stack(plot)
    name = escape(plot.title)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}">{"".join(body)}'
        f"{''.join(_legend(legend))}</svg>"
    )


def caption(plot: Plot) -> str:
    """The title, and what of the samples is not drawn."""
    left_out = f"; the slowest are left out, {1 - SHOWN:.0%} at most" if isinstance(plot, Histogram) else ""
    return plot.title + left_out


def _frame(x: Axis, y: Axis, x_title: str, y_title: str) -> Iterator[str]:
    for value in y.ticks():
        place = y.at(value)
        yield f'<path class="grid" d="M{LEFT} {place}H{WIDTH - RIGHT}"/>'
        yield f'<text class="tick" x="{LEFT - 8}" y="{place + 4}" text-anchor="end">{_short(value)}</text>'
    for value in x.ticks():
        yield f'<text class="tick" x="{x.at(value)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(value)}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    yield f'<text class="name" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>'
    turned = f'transform="translate(14 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"'
    yield f'<text class="name" {turned} text-anchor="middle">{escape(y_title)}</text>'


def _curve(plot: Curve) -> tuple[list[str], list[str]]:
    points = [point for line in plot.lines.values() for point in line]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x = Axis(min(xs), max(xs), LEFT + 6, WIDTH - RIGHT - 6, log=True)
    y = Axis(min(ys) / 2, max(ys) * 2, HEIGHT - BOTTOM, TOP, log=True)
    body = list(_frame(x, y, plot.x, plot.y))
    for colour, line in zip(COLOURS, plot.lines.values(), strict=False):
        places = [(x.at(a), y.at(b), b) for a, b in line]
        path = "L".join(f"{a} {b}" for a, b, _ in places)
        body.append(f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{path}"/>')
        body += [
            f'<circle cx="{a}" cy="{b}" r="4" fill="{colour}"><title>{_short(value)}</title></circle>'
            for a, b, value in places
        ]
    return body, list(plot.lines)


def _histogram(plot: Histogram) -> tuple[list[str], list[str]]:
    shown = [sorted(found)[: math.ceil(len(found) * SHOWN)] for found in plot.samples.values()]
    high = max(found[-1] for found in shown) * 1.02
    counts = [_shares(found, high) for found in shown]
    x = Axis(0, high, LEFT, WIDTH - RIGHT)
    y = Axis(0, max(max(found) for found in counts) * 1.1, HEIGHT - BOTTOM, TOP)
    body = list(_frame(x, y, plot.x, "% of all"))
    wide = (WIDTH - RIGHT - LEFT) / BINS
    for colour, found in zip(COLOURS, counts, strict=False):
        body += [
            f'<rect x="{LEFT + place * wide:.1f}" y="{y.at(share)}" width="{wide - 0.8:.1f}" '
            f'height="{HEIGHT - BOTTOM - y.at(share):.1f}" fill="{colour}" opacity=".65"/>'
            for place, share in enumerate(found)
            if share
        ]
    return body, list(plot.samples)


def _shares(samples: Sequence[float], high: float) -> list[float]:
    counts = [0.0] * BINS
    for one in samples:
        counts[min(BINS - 1, int(one / high * BINS))] += 100 / len(samples)
    return counts


def _stack(plot: Stack) -> tuple[list[str], list[str]]:
    parts = list(next(iter(plot.bars.values())))
    y = Axis(0, max(sum(bar.values()) for bar in plot.bars.values()) * 1.12, HEIGHT - BOTTOM, TOP)
    x = Axis(0, len(plot.bars), LEFT, WIDTH - RIGHT)
    body = [line for line in _frame(x, y, "", plot.y) if f'y="{HEIGHT - BOTTOM + 18}"' not in line]
    for place, (name, bar) in enumerate(plot.bars.items()):
        middle = x.at(place + 0.5)
        body += _bar(middle, y, [bar[part] for part in parts])
        total = sum(bar.values())
        body.append(
            f'<text class="total" x="{middle}" y="{y.at(total) - 6}" text-anchor="middle">{_short(total)}</text>'
        )
        body.append(
            f'<text class="name" x="{middle}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{escape(name)}</text>'
        )
    return body, parts


def _bar(middle: float, y: Axis, values: Sequence[float]) -> Iterator[str]:
    below = 0.0
    for colour, value in zip(COLOURS, values, strict=False):
        top, bottom = y.at(below + value), y.at(below)
        yield f'<rect x="{middle - 44}" y="{top}" width="88" height="{bottom - top:.1f}" fill="{colour}"/>'
        if bottom - top > 14:
            yield f'<text class="inside" x="{middle}" y="{(top + bottom) / 2 + 4:.1f}" text-anchor="middle">{_short(value)}</text>'
        below += value


def _legend(names: Sequence[str]) -> Iterator[str]:
    for place, (colour, name) in enumerate(zip(COLOURS, names, strict=False)):
        top, left = TOP + place * 22, WIDTH - RIGHT + 14
        yield f'<rect x="{left}" y="{top}" width="11" height="11" rx="2" fill="{colour}"/>'
        yield f'<text class="name" x="{left + 17}" y="{top + 10}">{escape(name)}</text>'


def _short(value: float) -> str:
    for limit, sign in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{sign}"
    return f"{value:.3g}"
