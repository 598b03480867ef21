"""Tells an operator what the engine does: the engine says what happened, and here it becomes metrics, spans and lines."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from shared.flow.dead_letters import Letter, letter_id
from shared.flow.errors import Fault, fault_of
from shared.flow.fold import Job
from shared.observability.logs import without_people
from shared.observability.metrics import (
    ANNOUNCED_AGAIN,
    BATCH_SECONDS,
    BATCH_SIZE,
    HEARING_DELAY,
    HELD,
    PARKED,
    SKIPPED,
    Metrics,
)
from shared.observability.traces import Traces, trace_id

log = logging.getLogger(__name__)

Seen = Callable[[Job, Metrics], None]


class Observer:
    """One service's metrics, traces and log lines about its engine.

    `seen` is the service's own: it is told of each job that was stored and that changed something.
    """

    def __init__(self, metrics: Metrics, traces: Traces, seen: Seen | None = None) -> None:
        self.metrics = metrics
        self.traces = traces
        self.seen = seen
        self._why = ""

    @contextmanager
    def hearing(self, heard: Sequence[Job], skipped: int) -> Iterator[None]:
        """Watch a batch of events until it is stored and said, or parked."""
        self.metrics.of(SKIPPED).inc(skipped)
        said = [job.cause.said_at for job in heard if job.cause.said_at]
        if said:
            # Clocks differ between machines, so what was said a moment ago may seem to come from the future.
            self.metrics.of(HEARING_DELAY).observe(max(0.0, (datetime.now(UTC) - min(said)).total_seconds()))
        with self.traces.hearing(heard):
            yield
        if self._why:
            log.info("the batch that was held is heard", extra={"count": len(heard)})
            self._why = ""

    def stored(self, lane: str, jobs: Sequence[Job], seconds: float) -> None:
        """A batch is stored; the lane is named `<instance>.heard` or `<instance>.asked`."""
        kind = lane.rpartition(".")[2]
        self.metrics.of(BATCH_SIZE, lane=kind).observe(len(jobs))
        self.metrics.of(BATCH_SECONDS, lane=kind).observe(seconds)
        if self.seen:
            for job in jobs:
                if job.changed:
                    self.seen(job, self.metrics)

    def held(self, error: Exception) -> None:
        """A batch could not be stored and will be tried again; the same reason is logged once."""
        self.metrics.of(HELD).inc()
        if (why := explained(error)) != self._why:
            self._why = why
            log.warning("a batch is held", extra={"why": why}, exc_info=_bug(error))

    def parked(self, letters: Sequence[Letter], errors: Sequence[Exception]) -> None:
        """Messages became dead letters."""
        self.metrics.of(PARKED).inc(len(letters))
        for letter, error in zip(letters, errors, strict=True):
            log.warning("a message is parked", extra=_described(letter, error), exc_info=_bug(error))

    def announced_again(self, count: int) -> None:
        """All histories were announced again."""
        self.metrics.of(ANNOUNCED_AGAIN).inc(count)
        log.warning("all histories are announced again", extra={"count": count})


def nobody() -> Observer:
    """Watches without telling anybody who it is: for engines that are taken apart."""
    return Observer(Metrics("nobody"), Traces("nobody", ""))


def explained(error: BaseException) -> str:
    """Why something failed, without anything that a person wrote: a bug's message may quote what it failed at."""
    told = "" if fault_of(error) is Fault.UNKNOWN else f": {error}"[:300]
    return f"{type(error).__name__}{told}"


def _bug(error: Exception) -> Exception | None:
    return error if fault_of(error) is Fault.UNKNOWN else None


def _described(letter: Letter, error: Exception) -> Mapping[str, Any]:
    headers = {name: value.decode(errors="replace")[:200] for name, value in letter.headers}
    return {
        "letter": letter_id(letter),
        "why": explained(error),
        "trace": trace_id(letter.trace) or None,
        "item": headers.get("ce_subject"),
        "event": without_people(headers.get("ce_id", "")) or None,
        "type": headers.get("ce_type"),
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
    }
