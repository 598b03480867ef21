"""F1, F2 and F11: services that are killed, at random and at every durable step, and clocks that disagree."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from shared.flow.crash import PLACES
from tests.chaos.arena import Arena
from tests.chaos.client import Ask
from tests.chaos.process import Supervised
from tests.support.eventually import eventually

LONGEST = 60.0
TO_DIE = 30.0
MEAN_LIFE = 0.7
"""Seconds that a service lives on average after it was ready, where many are to die; one in seventeen lives longer than two."""

AT_A_PLACE = 0.5
MOST_TURNS = 12
PASSES = 8
"""A crash point is passed up to so many times before it strikes, so that it is not always the first batch that dies."""

RARE = ("before-park", "after-park")
AGAIN = "amid-announcing-again"
APART = 600


async def killed_at_random(arena: Arena) -> None:
    """F1: SIGKILL to one instance after the other, whatever it is doing."""
    lasting = arena.deadline()
    while lasting():
        instance = arena.pick(arena.town.instances)
        instance.cold = True
        arena.ran.recoveries.append(await _killed(instance))
        await asyncio.sleep(arena.chance.uniform(0, 0.6))
        instance.cold = False
    arena.note(f"{len(arena.ran.recoveries)} kills")


async def _killed(instance: Supervised) -> float:
    began, deaths = time.monotonic(), instance.deaths
    instance.kill()
    await eventually(lambda: instance.deaths > deaths, within=LONGEST)
    await eventually(instance.is_ready, within=LONGEST)
    return time.monotonic() - began


async def killed_at_every_step(arena: Arena) -> None:
    """F2: each service dies at each of its crash points; all instances at once, each at another one."""
    reached, lasting = Counter[str](), arena.deadline()
    for turn in range(MOST_TURNS):
        missing = [place for place in PLACES if not reached[place]]
        if not missing and not lasting():
            break
        await _die_once(arena, missing or list(PLACES), reached, turn)
    arena.note(f"{reached.total()} deaths at {len(reached)} of {len(PLACES)} crash points")
    missed = ", ".join(place for place in PLACES if not reached[place])
    arena.check(not missed, f"crash points not reached: {missed or 'none'}")


async def _die_once(arena: Arena, places: list[str], reached: Counter[str], turn: int) -> None:
    arena.chance.shuffle(places)
    instances = arena.town.instances
    first = turn % len(instances)
    # Another one each time: not every service comes to every place soon.
    wave = dict(zip(instances[first:] + instances[:first], places, strict=False))
    died = await asyncio.gather(*(_dies_at(arena, *one) for one in wave.items()))
    reached.update(place for place, at in zip(wave.values(), died, strict=True) if at)


async def _dies_at(arena: Arena, instance: Supervised, place: str) -> bool:
    passes = 0 if place in RARE or place == AGAIN else arena.chance.randrange(PASSES)
    instance.once = {"KNOWHOW_CRASH_AT": f"{place}:{passes}"}
    deaths = instance.deaths
    instance.kill()
    if place in RARE:
        await arena.poisoner.put(4)
    try:
        if place == AGAIN:
            await eventually(instance.is_ready, within=LONGEST)
            await arena.client.once("admin", Ask("POST", instance.name, "/announce-again"), instance)
        await eventually(lambda: instance.deaths >= deaths + 2, within=TO_DIE)
    except AssertionError:
        return False
    began = time.monotonic()
    await eventually(instance.is_ready, within=LONGEST)
    arena.ran.recoveries.append(time.monotonic() - began)
    return True


async def killed_until(arena: Arena, deaths: int) -> None:
    """All instances at once, each at any moment or at any crash point, until so many have died in this run."""
    await asyncio.gather(*(_dies_often(arena, instance, deaths) for instance in arena.town.instances))
    arena.note(f"{arena.town.kills} deaths")


async def _dies_often(arena: Arena, instance: Supervised, deaths: int) -> None:
    while arena.town.kills < deaths:
        await eventually(instance.is_ready, within=LONGEST)
        await asyncio.sleep(arena.chance.expovariate(1 / MEAN_LIFE))
        if arena.chance.random() < AT_A_PLACE:
            place = arena.pick(PLACES)
            instance.once = {"KNOWHOW_CRASH_AT": f"{place}:{arena.chance.randrange(PASSES)}"}
        instance.kill()


async def clocks_apart(arena: Arena) -> None:
    """F11: half of all are ten minutes early, half ten minutes late, and go back to the right time at once."""
    instances = arena.town.instances
    arena.chance.shuffle(instances)
    early, late = instances[1::2], instances[::2]
    for instance in instances:
        instance.alter(CHAOS_CLOCK=str(APART if instance in early else -APART))
    await arena.town.ready()
    arena.note(f"{_listed(early)} ten minutes ahead, {_listed(late)} behind")
    await asyncio.sleep(arena.seconds / 2)
    for instance in instances:
        instance.alter(CHAOS_CLOCK=None)


def _listed(instances: Sequence[Supervised]) -> str:
    return " and ".join(instance.name for instance in instances)
