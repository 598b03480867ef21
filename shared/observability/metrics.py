"""Every metric there is, as one closed list: dashboards, alerts and the runbook name nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# When a counter was made is of no use to an operator, and would be one more series for each.
disable_created_metrics()  # type: ignore[no-untyped-call]

Kind: TypeAlias = type[Counter] | type[Gauge] | type[Histogram]

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200)
DELAYS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 3600)
DAYS = (0.1, 0.5, 1, 5, 30, 60, 600, 3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400)


@dataclass(frozen=True)
class Listed:
    """One metric: its name with its unit, what it tells, and what it is told apart by beside the service."""

    name: str
    kind: Kind
    about: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = field(default=(), repr=False)


READY = Listed("knowhow_ready", Gauge, "1 while the service can do its work, 0 otherwise; /ready says why.")
LAG = Listed(
    "knowhow_lag_messages",
    Gauge,
    "Messages on a topic that this instance has not heard yet, in the partitions that are its own.",
    ("topic",),
)
HEARING_DELAY = Listed(
    "knowhow_hearing_delay_seconds",
    Histogram,
    "From when the oldest event of a batch was said to when the batch was taken up.",
    buckets=DELAYS,
)
BATCH_SIZE = Listed(
    "knowhow_batch_messages",
    Histogram,
    "Events (lane `heard`) or requests (lane `asked`) that were stored together.",
    ("lane",),
    SIZES,
)
BATCH_SECONDS = Listed(
    "knowhow_batch_seconds",
    Histogram,
    "How long a batch took to look up, fold and store; announcing it comes after.",
    ("lane",),
    QUICK,
)
HELD = Listed(
    "knowhow_held_total",
    Counter,
    "Attempts at a batch that ended with the batch being held, because a server is away or too much would be parked.",
)
PENDING = Listed(
    "knowhow_pending_documents",
    Gauge,
    "Documents of this service, whichever instance wrote them, whose announcements Kafka has not acknowledged yet.",
)
PENDING_AGE = Listed(
    "knowhow_pending_oldest_seconds",
    Gauge,
    "Age of the oldest of these announcements; 0 where there is none.",
)
ANNOUNCED_AGAIN = Listed(
    "knowhow_announced_again_total",
    Counter,
    "Announcements that were made again, because a broker lost its log or an operator asked for it.",
)
PARKED = Listed("knowhow_parked_total", Counter, "Messages that became dead letters.")
LETTERS = Listed(
    "knowhow_dead_letters", Gauge, "Dead letters that were neither heard after all nor discarded yet."
)
SKIPPED = Listed(
    "knowhow_skipped_total",
    Counter,
    "Events of types that the service's table does not name, or on a topic that is not theirs.",
)
CAPTURE_TO_FEED = Listed(
    "knowhow_capture_to_feed_seconds",
    Histogram,
    "From an item's capture to each feed that it reached, people's time included; told by discover.",
    buckets=DAYS,
)
INDEX_BEHIND = Listed(
    "knowhow_index_documents_behind", Gauge, "Entries in the database less those in the search index."
)
INDEX_STALE = Listed(
    "knowhow_index_stale_seconds",
    Gauge,
    "Since when the search index may lack something; 0 while it does not.",
)
REQUESTS = Listed(
    "knowhow_request_seconds",
    Histogram,
    "HTTP requests by method, route template and status; streams count when they end.",
    ("method", "route", "status"),
    QUICK,
)
NOT_MEASURED = Listed(
    "knowhow_not_measured_total",
    Counter,
    "Values that could not be had for a scrape, because the server that knows them did not answer in time.",
)

LISTED = (
    READY,
    LAG,
    HEARING_DELAY,
    BATCH_SIZE,
    BATCH_SECONDS,
    HELD,
    PENDING,
    PENDING_AGE,
    ANNOUNCED_AGAIN,
    PARKED,
    LETTERS,
    SKIPPED,
    CAPTURE_TO_FEED,
    INDEX_BEHIND,
    INDEX_STALE,
    REQUESTS,
    NOT_MEASURED,
)


@dataclass(frozen=True)
class Measured:
    """A gauge's value at this moment."""

    listed: Listed
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class Metrics:
    """One service's metrics, in a registry of its own: services that share a process do not mix.

    Memory and CPU are those of the process.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        self._made = {listed: _made(listed, self.registry) for listed in LISTED}
        ProcessCollector(registry=self.registry)
        # What has not happened yet is told as 0, so that its first time is an increase.
        for listed in LISTED:
            if listed.kind is not Gauge and not listed.labels:
                self.of(listed)

    def of(self, listed: Listed, **labels: str) -> Any:
        """The counter, gauge or histogram with these labels; asking again gives the same one.

        Raises:
            KeyError: it is not listed.
            ValueError: the labels are not those that are listed.
        """
        return self._made[listed].labels(service=self.service, **labels)

    def show(self, measured: Iterable[Measured]) -> None:
        """Let the gauges be these values and no others: one that nobody could measure is gone rather than old."""
        for listed, made in self._made.items():
            if listed.kind is Gauge:
                made.clear()
        for one in measured:
            self.of(one.listed, **one.labels).set(one.value)


def _made(listed: Listed, registry: CollectorRegistry) -> Any:
    more = {"buckets": listed.buckets} if listed.buckets else {}
    return listed.kind(listed.name, listed.about, ("service", *listed.labels), registry=registry, **more)  # type: ignore[arg-type]
