"""An OpenTelemetry collector as far as traces need one: it takes OTLP over HTTP and keeps the spans."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Seen:
    """A span as a collector sees it, with ids in hex."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    links: tuple[str, ...]
    attributes: dict[str, str]


@dataclass
class Collector:
    """Where it listens, and all spans that came."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        """Keep the spans of one request."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_seen(named["service.name"], span) for span in scope.spans]

    def story(self, trace: str) -> set[str]:
        """The ids of all traces that one comes to from this trace, along links in either direction."""
        story, grown = {trace}, set[str]()
        while story != grown:
            grown = set(story)
            for span in self.spans:
                if span.trace in story or story & set(span.links):
                    story |= {span.trace, *span.links}
        return story

    def of(self, traces: set[str]) -> list[Seen]:
        """The spans of these traces."""
        return [span for span in self.spans if span.trace in traces]


def _seen(service: str, span: Span) -> Seen:
    # A batch's span is beside all stories: following it would tie together what only happened to come at once.
    links = () if span.kind == Span.SPAN_KIND_INTERNAL else tuple(link.trace_id.hex() for link in span.links)
    attributes = {one.key: one.value.string_value for one in span.attributes}
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return Seen(service, span.name, *ids, links, attributes)


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector that listens until the block ends."""
    made = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.take(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
