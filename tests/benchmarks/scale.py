"""How much a run does: the whole in 40 minutes, or enough in five for every change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of all benchmarks."""

    pairs: int
    warm_up: int
    items: int
    requests: int
    subscriptions: tuple[int, ...]
    questions: int
    hops: int
    load: int
    stored: tuple[int, ...]
    backlog: int
    entries: int


WHOLE = Scale(
    pairs=7,
    warm_up=50,
    items=500,
    requests=2000,
    subscriptions=(100, 1000, 10_000, 100_000),
    questions=40,
    hops=200,
    load=20_000,
    stored=(1000, 10_000, 100_000),
    backlog=10_000,
    entries=10_000,
)
QUICK = Scale(
    pairs=3,
    warm_up=20,
    items=200,
    requests=600,
    subscriptions=(100, 1000, 4000),
    questions=15,
    hops=30,
    load=500,
    stored=(100, 1000, 4000),
    backlog=1000,
    entries=2000,
)
