"""`python -m tests.chaos.prove`: the harness is itself tested; with any piece of safety taken out, an invariant turns red."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.chaos.mutations import MUTATIONS

SEEDS = (1, 2, 3)
"""A race is won by chance: what stays green is tried again with other seeds."""

SHORT = ("--seconds", "6", "--rate", "3", "--subscriptions", "60")


@dataclass(frozen=True)
class Tried:
    """What became of one run: the invariants that did not hold, or None where it came to no verdict."""

    name: str
    red: list[str] | None
    example: str = ""


def main(names: Sequence[str]) -> int:
    """Try these mutations, or all of them; 0 where each turned red and the house as it is stayed green."""
    console, wrong = Console(), 0
    for name in ("", *(names or MUTATIONS)):
        why_not = _why_not(name)
        if why_not:
            console.print(f"{name:28} not run: {why_not}", highlight=False)
            continue
        tried = _until_red(name) if name else _run("", ",".join(sorted(_all_faults())), SEEDS[0])
        right = bool(tried.red) if name else tried.red == []
        wrong += not right
        console.print(
            f"{name or 'nothing taken out':28} {_told(tried)}", style="" if right else "red", highlight=False
        )
    return int(bool(wrong))


def _all_faults() -> set[str]:
    return {fault for mutation in MUTATIONS.values() for fault in mutation.faults.split(",")}


def _why_not(name: str) -> str:
    missing = [
        server
        for server in (MUTATIONS[name].servers if name else ())
        if not os.environ.get(f"KNOWHOW_{server.upper()}")
    ]
    return (
        f"the embedded {missing[0]} cannot show it; name a real one in KNOWHOW_{missing[0].upper()}"
        if missing
        else ""
    )


def _until_red(name: str) -> Tried:
    tried = Tried(name, None)
    for seed in SEEDS:
        tried = _run(name, MUTATIONS[name].faults, seed)
        if tried.red:
            break
    return tried


def _run(name: str, faults: str, seed: int) -> Tried:
    with tempfile.TemporaryDirectory(prefix="knowhow-chaos-") as folder:
        report = Path(folder) / "report"
        where = ("--data", str(Path(folder) / "house"), "--report", str(report))
        command = [
            sys.executable,
            "-m",
            "tests.chaos",
            "--faults",
            faults,
            "--seed",
            str(seed),
            "--mutation",
            name,
        ]
        subprocess.run([*command, *SHORT, *where], check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves.
        return _read(name, report / "report.json")


def _read(name: str, path: Path) -> Tried:
    if not path.exists():
        return Tried(name, None)
    red = [one for one in json.loads(path.read_text("utf-8"))["invariants"] if not one["holds"]]
    example = next((example for one in red for example in one["examples"]), "")
    return Tried(name, [one["name"] for one in red], example)


def _told(tried: Tried) -> str:
    if tried.red is None:
        return "no verdict"
    return f"red: {', '.join(tried.red)} ({tried.example})" if tried.red else "green"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
