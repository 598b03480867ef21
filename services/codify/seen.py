"""Tells those who watch the logs of every decision that did not count; who signed it stands in the audits only."""

import logging

from services.codify.storage import AUDITS
from shared.contracts.codify import DecideReview
from shared.flow.fold import Job
from shared.observability.metrics import Metrics
from shared.observability.traces import trace_id

log = logging.getLogger(__name__)


def see_refusals(job: Job, _: Metrics) -> None:
    """Log a decision that was refused, the first time that it is heard."""
    if not isinstance(job.heard, DecideReview) or not job.changed_in(AUDITS.name):
        return
    audit = job.documents[AUDITS.name].known
    if audit.refused:
        told = {"item": audit.item_id, "why": audit.refused, "trace": trace_id(job.cause.traceparent)}
        log.warning("audit: a decision is refused", extra=told)
