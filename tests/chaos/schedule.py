"""Which fault comes when: those that were asked for, one after the other, then random pairs for as long as there is time."""

import random
import time
from collections.abc import Iterator

from tests.chaos.arena import Fault
from tests.chaos.faults import BY_NAME, PAIRED, pair, until
from tests.chaos.options import Options


def schedule(options: Options) -> Iterator[tuple[Fault, random.Random]]:
    """The faults, each with a chance of its own, so that what one of them draws does not change the next one."""
    end = time.monotonic() + options.minutes * 60
    for number, name in enumerate(options.faults):
        yield _fault(name, options.seed, number)
    number = len(options.faults)
    while time.monotonic() < end:
        yield _fault("F14", options.seed, number)
        number += 1
    if options.kills:
        yield until(options.kills), random.Random(f"kills {options.seed}")


def _fault(name: str, seed: int, number: int) -> tuple[Fault, random.Random]:
    chance = random.Random(f"fault {seed} {number}")
    if name in BY_NAME:
        return BY_NAME[name], chance
    one, other = name.split("+") if "+" in name else chance.sample(PAIRED, 2)
    return pair(BY_NAME[one], BY_NAME[other]), chance
