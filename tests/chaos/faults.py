"""The faults that a run can bring, by name, with their goals."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final

from tests.chaos.arena import DISTURBED, Arena, Fault, Ran
from tests.chaos.faults_messages import everything_twice, poisoned
from tests.chaos.faults_network import network_cut, slow_consumer
from tests.chaos.faults_servers import (
    broker_restarted,
    database_restarted,
    database_stalled,
    disk_full,
    log_wiped,
    search_away,
)
from tests.chaos.faults_services import (
    clocks_apart,
    killed_at_every_step,
    killed_at_random,
    killed_until,
)

SINGLE: Final = (
    Fault("F1", "services killed at random", 5, killed_at_random, probes=False),
    Fault("F2", "killed at every durable step", 5, killed_at_every_step, probes=False),
    Fault("F3", "broker restarted", 10, broker_restarted, ours=("kafka",), probes=False),
    Fault("F4", "broker's log wiped", 120, log_wiped, ours=("kafka",), probes=False),
    Fault("F5", "database restarted", 10, database_restarted, ours=("mongodb",)),
    Fault("F6", "database stalled", 5, database_stalled, ours=("mongodb",)),
    Fault("F7", "search away", 60, search_away, ours=("opensearch",), probes=False),
    Fault("F8", "slow consumer", 10, slow_consumer, probes=False),
    Fault("F9", "every event twice, in another order", 5, everything_twice),
    Fault("F10", "poison", 5, poisoned),
    Fault("F11", "clocks ten minutes apart", 5, clocks_apart),
    Fault("F12", "network cut and half open", 10, network_cut, probes=False),
    Fault("F13", "disk full", 30, disk_full, ours=("mongodb",)),
)
BY_NAME: Final = {fault.name: fault for fault in SINGLE}
PAIR_MORE: Final = 10
"""Seconds that a pair may take longer than the worse of the two."""

PAIRED: Final = ("F1", "F3", "F5", "F6", "F7", "F9", "F10", "F12")
"""What can go on at the same time as anything else of these."""


def until(deaths: int) -> Fault:
    """Kills until so many services have died in the whole run."""
    return Fault("F1+F2", f"{deaths:,} deaths", 5, partial(killed_until, deaths=deaths))


def pair(one: Fault, other: Fault) -> Fault:
    """F14: two faults at once; what one of them checks need not hold while the other one lasts."""

    async def both(arena: Arena) -> None:
        calm = replace(arena, ran=Ran(one.name, "", arena.ran.goal, 0))
        ended = await asyncio.gather(one.strike(calm), other.strike(calm), return_exceptions=True)
        arena.ran.notes += calm.ran.notes + calm.ran.failed
        for error in [one for one in ended if isinstance(one, BaseException)]:
            if not isinstance(error, DISTURBED):
                raise error
            arena.note(f"cut short: {error}")

    return Fault(
        "F14",
        f"{one.title}, and {other.title} at the same time",
        max(one.goal, other.goal) + PAIR_MORE,
        both,
        ours=(*one.ours, *other.ours),
    )
