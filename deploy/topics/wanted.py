"""Which topics there must be, and who must be able to do what with them: read off the contracts and the services' tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from deploy.topics.settings import TopicSettings
from shared.contracts import EVENTS
from shared.contracts.codify import DecideReview
from shared.flow.dead_letters import dead_letter_topic
from shared.flow.ear import kinds_of, topics_of
from shared.flow.kafka import LARGEST_REQUEST, group_of
from shared.identity.policy import SERVICES

DECISIONS = DecideReview.topic
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """A topic as it should be."""

    name: str
    partitions: int
    replication: int
    configs: Mapping[str, str]


class Resource(StrEnum):
    """What access is given to."""

    TOPIC = "topic"
    GROUP = "group"


class Operation(StrEnum):
    """What one may do with it; either one allows looking at it too."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, order=True)
class Access:
    """One user may do one thing with one topic or group."""

    user: str
    resource: Resource
    name: str
    operation: Operation


def user_of(service: str) -> str:
    """Who a service is to Kafka."""
    return f"knowhow-{service}"


def topics(settings: TopicSettings) -> list[Topic]:
    """Every topic of the contracts, and one for the dead letters of everyone who hears it."""
    said = dict.fromkeys(topics_of(EVENTS), settings.topics_retention_days)
    dead = {name: settings.topics_dead_retention_days for one in SERVICES for name in _dead(one)}
    return [_topic(name, days, settings) for name, days in (said | dead).items()]


def accesses(settings: TopicSettings) -> set[Access]:
    """What each service needs: its group, to read what it hears and says, and to write what it says; curators write decisions."""
    needed = {Access(user, Resource.TOPIC, DECISIONS, Operation.WRITE) for user in settings.curators}
    for service in SERVICES:
        user = user_of(service)
        writes = [*_said(service), *_dead(service)]
        # What it said it looks at again, because a broker may have lost it.
        reads = [*_heard(service), *writes]
        needed |= {Access(user, Resource.TOPIC, topic, Operation.WRITE) for topic in writes}
        needed |= {Access(user, Resource.TOPIC, topic, Operation.READ) for topic in reads}
        needed.add(Access(user, Resource.GROUP, group_of(service), Operation.READ))
    return needed


def _heard(service: str) -> list[str]:
    return topics_of(kinds_of(import_module(f"services.{service}.events").ROWS))


def _said(service: str) -> list[str]:
    return [topic for topic in topics_of(EVENTS) if topic.split(".")[1] == service]


def _dead(service: str) -> list[str]:
    return [dead_letter_topic(topic, service) for topic in _heard(service)]


def _topic(name: str, days: int, settings: TopicSettings) -> Topic:
    configs = {
        "cleanup.policy": settings.topics_cleanup,
        # What a service may send, the broker must take: a record that it refused would hold all that come after it.
        "max.message.bytes": str(LARGEST_REQUEST),
        "min.insync.replicas": str(settings.topics_min_insync),
        "retention.ms": str(days * _DAY_MS if days >= 0 else -1),
    }
    return Topic(name, settings.topics_partitions, settings.topics_replication, configs)
