"""What is to become of each item, decided by the seed and by how many items were planned before it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.base import Kind
from shared.contracts.codify import Verdict
from tests.support.subscribing import TOPICS, WORDS

CURATORS = {"tomas": ("finance", "finances", "sales"), "noor": ("it", "hr"), "otto": ("",)}
"""Who decides, and about which topics; "" stands for all of them."""

AUTHORS = ("yuki", "felix", "kofi", "lena", "samir", "viktor", "ines", "bruno", "tomas")
VOUCHERS = ("amara", "greta", "lucia", "mei", "helena")
CHAMPIONS = ("amara", "greta", "lucia", "mei")
DEPARTMENTS = ("finance", "sales", "support", "engineering", "hr", "legal", "operations")
SENT_AGAIN = 0.2
AMENDED = 0.1
IMPATIENT = 0.1
ADOPTED = 0.2
BY_WORD = 0.3
VERDICTS = {
    Verdict.APPROVE: 0.6,
    Verdict.MERGE: 0.06,
    Verdict.REJECT: 0.06,
    Verdict.REQUEST_CHANGES: 0.06,
    None: 0.22,
}
"""What curators decide; None means that nobody ever does."""


@dataclass(frozen=True)
class Plan:
    """One item's way: `impatient` is a client that does not ask twice when it gets no answer."""

    name: str
    author: str
    wish: dict[str, Any]
    vouchers: Sequence[str]
    by_word: bool
    verdict: Verdict | None
    curator: str
    sent_again: bool
    amended: bool
    impatient: bool
    adopted_in: str | None


class Planner:
    """Plans items, one after the other."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"items {seed}")
        self.planned = 0

    def item(self, *, certain: bool = False) -> Plan:
        """The next item; a `certain` one is approved and delivered for sure, and nothing else happens to it."""
        self.planned += 1
        chance = self.random
        author = chance.choice(AUTHORS)
        topics = chance.sample(TOPICS, chance.randint(1, 2))
        verdict = Verdict.APPROVE if certain else chance.choices(list(VERDICTS), list(VERDICTS.values()))[0]
        return Plan(
            name=f"n{self.planned:07}",
            author=author,
            wish=self._wish(f"n{self.planned:07}", topics),
            vouchers=chance.sample(CHAMPIONS, 2),
            by_word=certain or chance.random() < BY_WORD,
            verdict=verdict,
            curator="otto" if verdict is Verdict.MERGE else self._curator(author, topics),
            sent_again=not certain and chance.random() < SENT_AGAIN,
            amended=not certain and chance.random() < AMENDED,
            impatient=not certain and chance.random() < IMPATIENT,
            adopted_in=chance.choice(DEPARTMENTS) if not certain and chance.random() < ADOPTED else None,
        )

    def _wish(self, name: str, topics: Sequence[str]) -> dict[str, Any]:
        chance = self.random
        return {
            "kind": chance.choice(list(Kind)).value,
            "title": f"{name} {' '.join(chance.sample(WORDS, 3))}",
            "body": f"{name}: {' '.join(chance.choices(WORDS, k=6))}",
            "topics": sorted(topics),
        }

    def _curator(self, author: str, topics: Sequence[str]) -> str:
        may = [
            person
            for person, own in CURATORS.items()
            if person != author and all(covers(own, one) for one in topics)
        ]
        return self.random.choice(may)

    def subscription(self, number: int) -> dict[str, Any]:
        """What a department might follow, often narrowed by text and kinds, so that an entry meets about eight of three hundred."""
        chance = self.random
        wish: dict[str, Any] = {
            "department": f"{chance.choice(DEPARTMENTS)}-{number % 40}",
            "topics": sorted(chance.sample(TOPICS, chance.randint(1, 2))),
            "query": " ".join(chance.sample(WORDS, chance.choice((3, 4, 5, 5)))),
        }
        if chance.random() < 0.5:
            wish["kinds"] = sorted(kind.value for kind in chance.sample(list(Kind), 2))
        if number % 50 == 0:
            del wish["query"]
        return wish


def covers(own: Sequence[str], topic: str) -> bool:
    """True where one of the topics that somebody has the say over takes this one in."""
    return any(one == "" or f"{topic}/".startswith(f"{one}/") for one in own)
