"""The benchmarks' own arithmetic: what they say can be relied on."""

import json
import os
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from tests.benchmarks.__main__ import measure
from tests.benchmarks.baseline import dearer, store
from tests.benchmarks.measuring import Run, cpu_seconds, figure, in_turns, interval, memory_mb, slope
from tests.benchmarks.page import page
from tests.benchmarks.results import Curve, Figure, Histogram, Result, Stack
from tests.benchmarks.scale import QUICK
from tests.benchmarks.telling import range_of, tell


def result(relative: float) -> Result:
    cost = Figure("CPU an item, to that by hand", relative, relative, relative, 1)
    return Result("B1", "The whole journey", (cost,), (), cost)


def test_the_interval_of_seven_runs_is_all_seven_and_that_of_twenty_leaves_the_outer_five_out() -> None:
    assert interval([3, 1, 2, 7, 5, 6, 4]) == (1, 7)
    assert interval(range(20)) == (5, 14)


def test_a_line_through_logarithms_has_the_slope_of_its_power() -> None:
    assert slope([(10, 5), (100, 5), (1000, 5)]) == pytest.approx(0)
    assert slope([(10, 1), (1000, 10)]) == pytest.approx(0.5)


def test_a_figure_says_whether_its_goal_is_reached_in_its_direction() -> None:
    assert figure("CPU", [1, 2, 3], "ms", 2).reached is True
    assert figure("CPU", [1, 2, 3], "ms", 1.9).reached is False
    assert figure("rate", [1, 2, 3], "/s", 1.9, "high").reached is True
    assert figure("rate", [1, 2, 3]).reached is None


def test_what_was_seen_is_called_a_range_where_the_runs_are_too_few_for_95_percent() -> None:
    assert range_of(figure("CPU", [1, 2, 3, 4, 5])) == "range 1.00 to 5.00"
    assert range_of(figure("CPU", [1, 2, 3, 4, 5, 6])) == "1.00 to 6.00"
    assert not range_of(figure("CPU", [1]))


async def test_sides_take_turns_as_abba() -> None:
    order: list[str] = []

    async def side(name: str) -> Run:
        order.append(name)
        return Run(1, 1, {name: 1})

    pairs = await in_turns(2, lambda: side("a"), lambda: side("b"))

    assert "".join(order) == "abba"
    assert [list(one.cpu) + list(other.cpu) for one, other in pairs] == [["a", "b"]] * 2


def test_the_cpu_and_the_memory_of_a_process_are_read() -> None:
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) < before + 0.02:
        pass

    assert 10 < memory_mb(os.getpid()) < 10_000


async def test_a_benchmark_that_fails_is_told_and_keeps_no_other_from_being_measured() -> None:
    console = Console(file=StringIO(), width=120)

    results = await measure(["B3", "B3"], replace(QUICK, subscriptions=()), console)
    tell(console, results)

    told = cast("StringIO", console.file).getvalue()
    assert told.count("B3 was not measured. IndexError: tuple index out of range") == 2
    assert page(results, {}).count('<p class="bad">IndexError: tuple index out of range</p>') == 2


def test_a_tenth_more_cpu_than_the_baseline_is_told_and_less_is_not(tmp_path: Path) -> None:
    store([result(1.0)], tmp_path / "baseline.json")

    assert not list(dearer([result(1.09)], tmp_path / "baseline.json"))
    assert list(dearer([result(1.12)], tmp_path / "baseline.json")) == [
        "B1: CPU an item, to that by hand is 1.12, 12% above the baseline's 1.00."
    ]


def test_a_median_that_may_be_higher_by_chance_is_not_told(tmp_path: Path) -> None:
    store([result(1.0)], tmp_path / "baseline.json")
    noisy = Figure("CPU an item, to that by hand", 1.3, 0.9, 1.6, 7)

    assert not list(
        dearer([Result("B1", "The whole journey", (noisy,), (), noisy)], tmp_path / "baseline.json")
    )


def test_a_comparison_without_a_baseline_fails(tmp_path: Path) -> None:
    assert "no baseline" in "".join(dearer([result(1.0)], tmp_path / "baseline.json"))


def test_a_comparison_of_which_nothing_was_measured_fails(tmp_path: Path) -> None:
    store([result(1.0)], tmp_path / "baseline.json")

    assert list(dearer([Result("B3", "Matching", ())], tmp_path / "baseline.json")) == [
        "Nothing was compared: the baseline holds B1, and none of these was measured."
    ]


def test_a_baseline_keeps_what_a_run_did_not_measure(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text('{"B8": 2.0}')

    store([result(1.5)], tmp_path / "baseline.json")

    assert json.loads((tmp_path / "baseline.json").read_text()) == {"B1": 1.5, "B8": 2.0}


def test_the_page_shows_each_figure_beside_its_goal_and_draws_each_plot() -> None:
    plots = (
        Curve("curve", "stored", "ms", {"a < b": [(100, 1), (1000, 1.1)]}),
        Histogram("times", "ms", {"house": [1.0, 2.0, 30.0]}),
        Stack(
            "stages", "ms", {"house": {"share": 1.5, "codify": 2.5}, "by hand": {"share": 1.0, "codify": 2.0}}
        ),
    )
    short = Figure("CPU an item", 2.5, 2.25, 2.75, 7, "ms", 1.5)

    shown = page([Result("B1", "The journey", (short,), plots)], {"form": "quick"})

    assert shown.count("<svg") == 3
    assert shown.count("; the slowest are left out, 1% at most</figcaption>") == 1
    assert "2.50 ms" in shown
    assert "≤ 1.50 ms" in shown
    assert '"bad">short' in shown
    assert "a &lt; b" in shown
