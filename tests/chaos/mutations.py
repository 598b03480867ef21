"""Takes one piece of safety out of a process; with any of them the run must turn red."""

from collections.abc import Callable, Mapping

MUTATIONS: Mapping[str, Callable[[], None]] = {}


def mutate(name: str) -> None:
    """Take this piece out; nothing where none is named."""
    if name:
        MUTATIONS[name]()
