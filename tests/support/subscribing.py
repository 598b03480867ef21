"""Entries and subscriptions made at random, and what they mean when one simply compares them."""

import random
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Subscription, Wanted
from shared.contracts.base import Attribution, Author, Content, Kind, Who

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TOPICS = (
    "finance",
    "finance/invoicing",
    "finance/invoicing/vat",
    "finances",
    "hr",
    "hr/hiring",
    "sales",
    "it",
)
WORDS = (
    "ledger",
    "café",
    "umbrella",
    "quartz",
    "zürich",
    "kiwi",
    "tango",
    "résumé",
    "gpt4",
    "élan",
    "matrix",
)
NOBODY = Who(id="p", name="P", department="d")
AUTHOR = Author(attribution=Attribution.NAMED, name="P", proof="x")


@dataclass
class Chance:
    """Makes things at random, the same ones for the same seed."""

    seed: int

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def entry(self, number: int) -> SpreadEntry:
        """An entry of one to three topics and a few words."""
        content = Content(
            kind=self.random.choice(list(Kind)),
            title=self._text(3),
            body=self._text(6) + self.random.choice(("", " " * 4000 + "quartz")),
            topics=tuple(self.random.sample(TOPICS, self.random.randint(1, 3))),
        )
        return entry(f"e{number}", content)

    def subscription(self, number: int) -> Subscription:
        """A subscription to one or two topics, often narrowed."""
        wanted = Wanted(
            topics=tuple(sorted(self.random.sample(TOPICS, self.random.randint(1, 2)))),
            kinds=tuple(self.random.sample(list(Kind), self.random.choice((0, 0, 2, 4)))),
            query=self._text(self.random.choice((1, 1, 2, 3))) if self.random.random() < 0.7 else None,
        )
        return subscription(f"s{number:05}", wanted)

    def _text(self, count: int) -> str:
        words = [self._disguised(self.random.choice(WORDS)) for _ in range(count)]
        return self.random.choice((" ", ", ", " \u2013 ", ": ")).join(words)

    def _disguised(self, word: str) -> str:
        return self.random.choice((word, word.upper(), word.title(), folded(word)))


@dataclass
class Followers:
    """Whoever is in this list follows; what a service asks its documents."""

    known: Sequence[Subscription] = ()

    async def fitting(self, entries: Sequence[SpreadEntry]) -> list[list[Subscription]]:
        """As Following says."""
        return [[one for one in self.known if one.follows(entry.content)] for entry in entries]

    async def named(
        self, entries: Sequence[SpreadEntry], names: Sequence[Collection[str]]
    ) -> list[list[Subscription]]:
        """As Following says."""
        found = zip(await self.fitting(entries), names, strict=True)
        return [[one for one in its if one.subscription_id in some] for its, some in found]


def entry(key: str, content: Content, version: int = 1) -> SpreadEntry:
    """An entry with this content."""
    return SpreadEntry(
        entry_id=key,
        item_id=key,
        item_version=1,
        version=version,
        content=content,
        author=AUTHOR,
        published_at=NOW,
    )


def subscription(key: str, wanted: Wanted) -> Subscription:
    """A subscription to this."""
    return Subscription(subscription_id=key, department="d", wanted=wanted, by=NOBODY, created_at=NOW)


def folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> set[str]:
    """The words of a text, folded."""
    return set("".join(letter if letter.isalnum() else " " for letter in folded(text)).split())


def means(wanted: Wanted, content: Content) -> bool:
    """True where what is wanted takes the content in, as one would explain it to a person."""
    above = [topic for topic in wanted.topics for own in content.topics if f"{own}/".startswith(f"{topic}/")]
    if not above or (wanted.kinds and content.kind not in wanted.kinds):
        return False
    return words_of(wanted.query or "") <= words_of(f"{content.title} {content.body[:4000]}")


def expected(entries: Sequence[SpreadEntry], subscriptions: Sequence[Subscription]) -> dict[str, list[str]]:
    """Whom each entry should reach."""
    return {
        one.entry_id: [it.subscription_id for it in subscriptions if means(it.wanted, one.content)]
        for one in entries
    }
