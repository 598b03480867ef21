"""What spread knows of entries, and what it sent to whom."""

from datetime import datetime

from shared.contracts.base import Author, Content, Contract, TrialOutcome, Who

OPENING = 4000
"""How many characters of a body are matched against subscriptions and shown in feeds."""


class SpreadEntry(Contract):
    """An entry in its newest version, or retired."""

    entry_id: str
    item_id: str
    item_version: int
    version: int
    content: Content
    author: Author
    published_at: datetime
    retired: bool = False

    @property
    def published_version(self) -> int:
        """The last version that there is to read; retiring it counts on."""
        return self.version - 1 if self.retired else self.version

    @property
    def opening(self) -> str:
        """The beginning of the body."""
        return self.content.body[:OPENING]


class Recipient(Contract):
    """A department that an entry goes to, by which subscriptions, and why."""

    department: str
    subscriptions: tuple[str, ...]
    because: tuple[str, ...]


class Matched(Contract):
    """Whom one version of an entry goes to, as the subscriptions stood when it was heard of."""

    entry_id: str
    version: int
    recipients: tuple[Recipient, ...]


class Delivery(Contract):
    """One version of an entry in one department's feed."""

    entry_id: str
    item_id: str
    item_version: int
    version: int
    department: str
    content: Content
    author: str
    because: tuple[str, ...]
    subscriptions: tuple[str, ...]
    published_at: datetime
    delivered_at: datetime


class Report(Contract):
    """What a department reported about an entry."""

    entry_id: str
    department: str
    outcome: TrialOutcome
    who: Who
    reported_at: datetime
