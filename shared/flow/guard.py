"""Stops a service that would park too much: then the fault is more likely its own than the messages'."""

from collections import deque
from collections.abc import Callable

from shared.flow.errors import Passing

WINDOW = 60.0
SHARE = 0.05
ENOUGH = 20
IN_A_ROW = 100


class Guard:
    """Watches how much of what is heard gets parked, other than because the rules say no.

    It trips at 100 in a row, or at more than 5 % of the last minute once that is at least 20 messages: one bad
    message among three is not a flood.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.tripped = False
        self._row = 0
        self._seen: deque[tuple[float, int, int]] = deque()

    def check(self, heard: int, bad: int) -> None:
        """Count a batch of which `bad` would be parked.

        Raises:
            Passing: that would be a flood; hold the batch, try again later, and report unready meanwhile.
        """
        self._forget()
        total = heard + sum(count for _, count, _ in self._seen)
        parked = bad + sum(count for _, _, count in self._seen)
        row = self._row + bad if bad == heard else bad
        self.tripped = bool(bad) and (row >= IN_A_ROW or (parked >= ENOUGH and parked > SHARE * total))
        if self.tripped:
            raise Passing(f"{parked} of {total} messages of the last minute would become dead letters.")
        self._row = row if bad == heard else 0
        self._seen.append((self.clock(), heard, bad))

    def _forget(self) -> None:
        while self._seen and self._seen[0][0] < self.clock() - WINDOW:
            self._seen.popleft()
