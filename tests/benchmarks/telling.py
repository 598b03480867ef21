"""Figures in words, the same ones on the terminal and on the page."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.benchmarks.results import Figure, Result


def with_unit(value: float, unit: str) -> str:
    """A value as one reads it."""
    digits = 0 if abs(value) >= 100 else 2 if abs(value) < 10 else 1
    return f"{value:,.{digits}f}{f' {unit}' if unit and unit != '/s' else unit}"


def range_of(figure: Figure) -> str:
    """The interval, called a range where the runs are too few for one, or nothing where there is a single value."""
    if figure.low == figure.high:
        return ""
    seen = f"{with_unit(figure.low, '')} to {with_unit(figure.high, '')}"
    return seen if figure.certain else f"range {seen}"


def goal_of(figure: Figure) -> str:
    """The goal with its direction, or nothing."""
    if figure.goal is None:
        return ""
    return f"{'≤' if figure.best == 'low' else '≥'} {with_unit(figure.goal, figure.unit)}"


def verdict(figure: Figure) -> str:
    """Whether the goal is reached, in a word."""
    return {True: "reached", False: "short", None: ""}[figure.reached]


def tell(console: Console, results: Sequence[Result]) -> None:
    """Print all figures as one table."""
    table = Table("", "", "median", "95 % interval", "goal", "", title="Benchmarks", title_justify="left")
    for result in results:
        table.add_section()
        for place, one in enumerate(result.figures):
            colour = {True: "green", False: "red", None: "default"}[one.reached]
            values = (
                with_unit(one.value, one.unit),
                range_of(one),
                goal_of(one),
                f"[{colour}]{verdict(one)}[/]",
            )
            table.add_row(result.name if not place else "", one.name, *values)
    console.print(table)
    for result in [one for one in results if one.failed]:
        console.print(f"[red]{result.name} was not measured.[/] {escape(result.failed)}")
