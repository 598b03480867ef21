"""What is told of each request: route template, status, time and trace; never the path, the query or who asked."""

import logging
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.observability.metrics import REQUESTS
from shared.observability.observer import Observer
from shared.observability.traces import current, trace_id

PROBES = ("/live", "/ready", "/metrics")
"""Routes below a service's name that machines ask all the time: told of in metrics, and in logs only when debugging."""

NOWHERE = "none"
"""The route of a request that fits none: anybody can think up paths, and each route is a time series."""

log = logging.getLogger(__name__)


class Access:
    """Watches the requests of one service."""

    def __init__(self, app: ASGIApp, observer: Observer, service: str) -> None:
        self.app = app
        self.observer = observer
        self.service = service
        self._probes = {f"/{service}{probe}" for probe in PROBES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell of it when it has ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        with self.observer.traces.request(_traceparent(scope)) as span:
            try:
                await self.app(scope, receive, noting)
            finally:
                told = _told(scope, status)
                self._tell(told, time.perf_counter() - begun)
                if span:
                    span.update_name(f"{told['method']} {told['route']}")
                    span.set_attribute("http.response.status_code", status)

    def _tell(self, told: Mapping[str, str], seconds: float) -> None:
        labels = {name: told[name] for name in REQUESTS.labels}
        self.observer.metrics.of(REQUESTS, **labels).observe(seconds)
        level = logging.DEBUG if told["route"] in self._probes else logging.INFO
        found = {**told, "service": self.service, "trace": trace_id(current())}
        log.log(level, "answered", extra=found | {"ms": round(seconds * 1000, 1)})


def _traceparent(scope: Scope) -> str:
    return str(dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1"))


def _told(scope: Scope, status: int) -> dict[str, str]:
    within = scope.get("path_params", {})
    item = within.get("item_id") or within.get("entry_id")
    route = getattr(scope.get("route"), "path", NOWHERE)
    told = {"method": scope["method"], "route": route, "status": str(status)}
    return told | ({"item": item} if item else {})
