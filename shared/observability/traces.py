"""Traces that follow an item over Kafka: one for each cause and all that comes of it, linked to the one before it.

An announcement carries the `traceparent` of what it was said because of, so a trace goes on in whoever hears it. Where
somebody acts on the item days later that is a trace of its own: it links to the one that last changed the same document.
Without a collector nothing of OpenTelemetry's SDK is imported, and trace ids are only passed on.
"""

import asyncio
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from secrets import token_hex
from threading import Thread
from typing import Any

from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from shared.flow.fold import Job

FLUSHING = 2.0
"""Seconds that the collector gets to take a batch of spans, and all that are left when the service stops."""

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_CURRENT: ContextVar[tuple[str, Span | None]] = ContextVar("current", default=("", None))


def trace_id(traceparent: str) -> str:
    """The trace id in a `traceparent` (W3C Trace Context, version 00), or nothing where it has another form."""
    found = _FORM.fullmatch(traceparent)
    return found[1] if found and int(found[1], 16) and int(found[2], 16) else ""


def current() -> str:
    """The `traceparent` of the request at hand, or nothing."""
    return _CURRENT.get()[0]


class Traces:
    """One service's spans: one for each request, one for each event heard, and one for each batch of events."""

    def __init__(self, service: str, endpoint: str, instance: str = "0") -> None:
        self._provider = _provider(service, endpoint, instance) if endpoint else None
        self._tracer: Tracer | None = self._provider.get_tracer("knowhow") if self._provider else None

    @contextmanager
    def request(self, traceparent: str) -> Iterator[Span | None]:
        """Go on with the caller's trace, or begin one, until the block ends."""
        span = self._begin("request", SpanKind.SERVER, traceparent) if self._tracer else None
        known = traceparent if trace_id(traceparent) else f"00-{token_hex(16)}-{token_hex(8)}-00"
        token = _CURRENT.set((_written(span) if span else known, span))
        try:
            yield span
        finally:
            _CURRENT.reset(token)
            if span:
                span.end()

    @contextmanager
    def hearing(self, jobs: Collection[Job]) -> Iterator[None]:
        """A span for each event of a batch as long as the batch takes; what is said because of the event goes on from it."""
        if self._tracer is None or not jobs:
            yield
            return
        batch = self._begin("hear a batch", SpanKind.INTERNAL, "", size=len(jobs))
        spans = {job: self._hear(job, batch) for job in jobs}
        try:
            yield
        finally:
            for job, span in spans.items():
                _tell(job, span)
                span.end()
            batch.end()

    def asked(self, job: Job) -> None:
        """Let the request at hand tell which documents it changed, and link to what changed them before."""
        span = _CURRENT.get()[1]
        if span:
            _tell(job, span)

    async def close(self) -> None:
        """Send what is left, for two seconds at most; closing again is harmless."""
        if self._provider:
            # The exporter would wait for a collector that is away, and the interpreter for any thread that is no daemon.
            sending = Thread(target=self._provider.shutdown, daemon=True)
            sending.start()
            await asyncio.to_thread(sending.join, FLUSHING)

    def _hear(self, job: Job, batch: Span) -> Span:
        kind, item = type(job.heard).__name__, getattr(job.heard, "subject", "")
        span = self._begin(f"hear {kind}", SpanKind.CONSUMER, job.cause.traceparent, item=item)
        span.add_link(batch.get_span_context())
        job.cause = replace(job.cause, traceparent=_written(span))
        return span

    def _begin(self, name: str, kind: SpanKind, traceparent: str, **attributes: Any) -> Span:
        if self._tracer is None:
            raise LookupError("There is no collector to begin a span for.")
        parent = set_span_in_context(NonRecordingSpan(_context(traceparent)))
        named = {f"knowhow.{key}": value for key, value in attributes.items() if value}
        return self._tracer.start_span(name, parent, kind, named)


def _tell(job: Job, span: Span) -> None:
    trace = span.get_span_context().trace_id
    for place, error in job.errors.items():
        span.set_status(StatusCode.ERROR, f"{type(error).__name__} at {place.split('/', 1)[0]}")
    for document in job.documents.values():
        earlier = (_context(said["traceparent"]) for said in reversed(document.history))
        before = next((one for one in earlier if one.is_valid and one.trace_id != trace), None)
        if before:
            span.add_link(before)


def _context(traceparent: str) -> SpanContext:
    found = _FORM.fullmatch(traceparent)
    trace, span, flags = (int(part, 16) for part in (found.groups() if found else ("0", "0", "0")))
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags))


def _written(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _provider(service: str, endpoint: str, instance: str) -> Any:
    # Whoever has no collector should not wait for these, nor keep them in memory.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = {
        "service.namespace": "knowhow",
        "service.name": f"knowhow-{service}",
        "service.instance.id": instance,
    }
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=FLUSHING)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
