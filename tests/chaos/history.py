"""What the client knows of everything that it did: the other side of every count."""

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What the client knows: it was done, it was refused, or neither can be said."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass
class Act:
    """One thing that a person did, in one request or several with the same key; `sent` and `known` are on the client's clock."""

    what: str
    about: str
    by: str
    wish: dict[str, Any]
    sent: float
    outcome: Outcome = Outcome.UNKNOWN
    known: float = 0.0
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)


class History:
    """All acts, every answer counted by the second, and answers that contradict each other.

    `delivered` tells when a version of an entry was first seen in a feed.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.acts: list[Act] = []
        self.answers: Counter[tuple[int, Outcome]] = Counter()
        self.contradictions: list[str] = []
        self.delivered: dict[tuple[str, int], float] = {}

    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def act(self, what: str, about: str, by: str, wish: dict[str, Any]) -> Act:
        """Write down that somebody is about to do something."""
        act = Act(what, about, by, wish, self.now())
        self.acts.append(act)
        return act

    def answered(self, outcome: Outcome) -> None:
        """Count one answer, or the lack of one."""
        self.answers[int(self.now()), outcome] += 1

    def done(self, what: str) -> list[Act]:
        """All acts of one kind."""
        return [act for act in self.acts if act.what == what]
