"""What a community is: people around a topic, or everybody."""

from enum import StrEnum

from shared.contracts.base import Contract, Who


class CommunityKind(StrEnum):
    """For everybody, or for one topic's people."""

    COMPANY_WIDE = "company_wide"
    TOPIC_FOCUSED = "topic_focused"


class Community(Contract):
    """A community; a topic takes in those under it."""

    community_id: str
    name: str
    kind: CommunityKind
    topics: tuple[str, ...] = ()

    def cares_about(self, topics: tuple[str, ...]) -> bool:
        """True where an item with these topics belongs here."""
        if self.kind is CommunityKind.COMPANY_WIDE:
            return True
        return any(topic == own or topic.startswith(f"{own}/") for own in self.topics for topic in topics)


class Member(Contract):
    """Somebody in a community, until they leave."""

    community_id: str
    who: Who
    left: bool = False
