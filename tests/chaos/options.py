"""What a person can ask of a run."""

import argparse
import os
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos.faults import BY_NAME
from tests.chaos.mutations import MUTATIONS

ALL = (*BY_NAME, "F14")
SERVERS = ("kafka", "mongodb", "opensearch")
NUMBERS: Final[Mapping[str, tuple[float, str]]] = {
    "minutes": (0.0, "go on with random pairs until so long has passed"),
    "seconds": (12.0, "how long each fault lasts (default: 12)"),
    "rate": (8.0, "items a second (default: 8)"),
    "items": (1_000_000, "no more items than this"),
    "subscriptions": (300, "how many stand when it begins (default: 300)"),
    "kills": (0, "in the end, kill services until so many have died"),
    "instances": (1, "of each service; more than one need a real Kafka (default: 1)"),
}


@dataclass(frozen=True)
class Options:
    """One run: the same seed and options bring the same items, faults, victims and crash points again."""

    faults: tuple[str, ...]
    seed: int
    minutes: float
    seconds: float
    rate: float
    items: int
    subscriptions: int
    kills: int
    instances: int
    mutation: str
    data: Path
    kept: bool
    report: Path
    given: dict[str, str]

    def again(self) -> str:
        """The command that repeats this run."""
        return (
            f"python -m tests.chaos --seed {self.seed} --faults {','.join(self.faults)} --seconds {self.seconds:g} "
            f"--rate {self.rate:g} --items {self.items} --subscriptions {self.subscriptions} --minutes {self.minutes:g} "
            f"--kills {self.kills} --instances {self.instances}"
            f"{' --mutation ' + self.mutation if self.mutation else ''}"
        )


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """The options; a wrong one ends the process with a sentence and code 2."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    given = {
        name: os.environ[f"KNOWHOW_{name.upper()}"]
        for name in SERVERS
        if os.environ.get(f"KNOWHOW_{name.upper()}")
    }
    if asked.instances < 1:
        parser.error("there must be one instance of each service at least")
    if asked.instances > 1 and "kafka" not in given:
        parser.error(
            "the embedded broker does not share a group's partitions out; name a real one in KNOWHOW_KAFKA"
        )
    data = asked.data or Path(tempfile.mkdtemp(prefix="knowhow-chaos-"))
    return Options(**{**vars(asked), "data": data, "kept": bool(asked.data), "given": given})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description="Hurt a house under load, then count everything."
    )
    add = parser.add_argument
    add("--faults", default=ALL, type=_faults, help="such as F1,F5, or F1+F5 for both at once (default: all)")
    add(
        "--seed",
        default=random.SystemRandom().randrange(10**6),
        type=int,
        help="of a run that is to be repeated",
    )
    for name, (default, says) in NUMBERS.items():
        add(f"--{name}", default=default, type=type(default), help=says)
    add(
        "--mutation",
        default="",
        choices=("", *MUTATIONS),
        help="take one piece of safety out: the run must turn red",
    )
    add(
        "--data",
        type=Path,
        help="an empty folder for the house (default: a temporary one, kept where something does not hold)",
    )
    add(
        "--report",
        default=Path("chaos-report"),
        type=Path,
        help="where the report goes (default: chaos-report)",
    )
    return parser


def _faults(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().upper() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in ALL and not set(name.split("+")) <= set(BY_NAME)]:
        raise argparse.ArgumentTypeError(f"there is no fault {unknown[0]}; choose from {', '.join(ALL)}")
    return names
