"""What a subscription is: a department follows topics, narrowed by kinds and by text."""

from datetime import datetime

from services.spread.domain.topics import with_ancestors
from shared.contracts.base import Content, Contract, Kind, Who


class Wanted(Contract):
    """What is followed: any of the topics, any of the kinds (none: all), and all words of the text."""

    topics: tuple[str, ...]
    kinds: tuple[Kind, ...] = ()
    query: str | None = None

    def fits(self, content: Content) -> bool:
        """True where topics and kind fit; what the text means is for the search index to say."""
        topical = not set(self.topics).isdisjoint(with_ancestors(content.topics))
        return topical and (not self.kinds or content.kind in self.kinds)

    def reason(self, content: Content) -> str:
        """Why something came, in a few words."""
        hit = sorted(set(self.topics) & set(with_ancestors(content.topics)))
        parts = [f"follows {', '.join(hit)}"]
        if self.kinds:
            parts.append(f"kind {content.kind.replace('_', ' ')}")
        if self.query:
            parts.append(f"text “{self.query}”")
        return ", ".join(parts)


class Changes(Contract):
    """What is to be followed from now on: the fields that were set; the others stay."""

    topics: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    query: str | None = None

    def applied(self, wanted: Wanted) -> Wanted:
        """What is wanted with the changes."""
        return wanted.model_copy(update=self.model_dump(exclude_unset=True))


class Subscription(Contract):
    """A department's subscription."""

    subscription_id: str
    department: str
    wanted: Wanted
    by: Who
    created_at: datetime
    removed: bool = False

    def follows(self, content: Content) -> bool:
        """True where it stands, and topics and kind fit."""
        return not self.removed and self.wanted.fits(content)
