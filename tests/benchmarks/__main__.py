"""Measures what the house can do, beside its goals: `python -m tests.benchmarks --help`."""

import argparse
import asyncio
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from rich.console import Console

from tests.benchmarks.baseline import dearer, store
from tests.benchmarks.ground import NAMES, given_servers
from tests.benchmarks.page import page
from tests.benchmarks.results import Result
from tests.benchmarks.scale import QUICK, WHOLE, Scale
from tests.benchmarks.telling import tell

BENCHMARKS: Final = {
    "B1": "b1_journey",
    "B2": "b2_captures",
    "B3": "b3_matching",
    "B4": "b4_latency",
    "B5": "b5_memory",
    "B6": "b6_stored",
    "B7": "b7_backlog",
    "B8": "b8_rebuild",
}
RELATIVE: Final = "B1,B2,B7,B8"
"""Those that compare CPU with something in the same run."""


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What is asked for; a wrong option ends the process with a sentence and code 2."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="in five minutes instead of forty")
    parser.add_argument("--only", type=_names, help="some of them, such as B1,B4")
    parser.add_argument("--pairs", type=int, help="how often both sides are run (7, or 3 with --quick)")
    parser.add_argument("--load", type=int, help="how many items go round in B5")
    parser.add_argument(
        "--report", type=Path, default=Path("benchmarks"), help="folder for the JSON and the page"
    )
    parser.add_argument(
        "--compare", action="store_true", help="fail where CPU an item is 10 %% above the baseline"
    )
    parser.add_argument("--keep", action="store_true", help="make this run the baseline")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.upper().split(",")
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise argparse.ArgumentTypeError(f"there is no {unknown[0]}; choose among {', '.join(BENCHMARKS)}")
    return names


async def measure(names: Sequence[str], scale: Scale, console: Console) -> list[Result]:
    """Run these benchmarks one after the other; one that fails keeps no other from being measured."""
    results: list[Result] = []
    for name in names:
        console.print(f"{name} …")
        began = time.monotonic()
        try:
            found: Result = await import_module(f"tests.benchmarks.{BENCHMARKS[name]}").measure(scale)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told in the report.
            console.print_exception()
            found = Result(name, "Not measured", (), failed=f"{type(error).__name__}: {error}")
        results.append(replace(found, seconds=time.monotonic() - began))
    return results


def about(asked: argparse.Namespace) -> dict[str, str]:
    """Where and how this was measured."""
    given = given_servers()
    servers = ", ".join(f"{name} {'given' if name in given else 'embedded'}" for name in NAMES)
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "form": "quick" if asked.quick else "whole",
        "servers": servers,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load when it ended": f"{os.getloadavg()[0]:.1f}",
    }


def write(folder: Path, results: Sequence[Result], where: dict[str, str]) -> None:
    """Write `report.json` and `report.html`, which replaces those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [asdict(one) | {"reached": {it.name: it.reached for it in one.figures}} for one in results]
    (folder / "report.json").write_text(json.dumps({"about": where, "results": found}, indent=2), "utf-8")
    (folder / "report.html").write_text(page(results, where), "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Measure, report, and compare where that was asked for: 1 if something has become dearer, or was not measured."""
    asked, console = options(arguments), Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    scale = QUICK if asked.quick else WHOLE
    changes = {name: value for name in ("pairs", "load") if (value := getattr(asked, name))}
    names = asked.only or (RELATIVE.split(",") if asked.compare else list(BENCHMARKS))
    results = asyncio.run(measure(names, replace(scale, **changes), console))
    write(asked.report, results, about(asked))
    tell(console, results)
    console.print(f"The report with its plots: {asked.report / 'report.html'}")
    if asked.keep:
        store(results)
    grown = list(dearer(results)) if asked.compare else []
    for sentence in grown:
        console.print(f"[red]{sentence}[/]")
    return 1 if grown or any(one.failed for one in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
