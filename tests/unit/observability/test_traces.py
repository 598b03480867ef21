"""Without a collector a trace is only passed on, and nothing that would cost is imported."""

import subprocess
import sys

import pytest

from shared.flow.announcement import Cause
from shared.flow.fold import Job
from shared.observability.traces import Traces, current, trace_id
from shared.settings import Settings

HEX = "0123456789abcdef" * 2
GIVEN = f"00-{HEX}-{HEX[:16]}-01"
NO_TRACES = ["", "00-ab-cd-01", GIVEN.upper(), f"{GIVEN}-more", f"00-{'0' * 32}-{HEX[:16]}-01", "\n" + GIVEN]


def test_a_callers_trace_is_passed_on_as_it_came() -> None:
    with Traces("share", "").request(GIVEN) as span:
        assert current() == GIVEN
        assert span is None

    assert current() == ""


@pytest.mark.parametrize("given", NO_TRACES)
def test_a_request_without_a_valid_trace_begins_one(given: str) -> None:
    traces = Traces("share", "")

    with traces.request(given):
        first = current()
    with traces.request(given):
        second = current()

    assert trace_id(first)
    assert trace_id(first) not in {trace_id(second), HEX}


@pytest.mark.parametrize("given", NO_TRACES)
def test_what_is_no_traceparent_has_no_trace(given: str) -> None:
    assert not trace_id(given)


def test_without_a_collector_what_is_heard_stays_as_it_is() -> None:
    job = Job("something", Cause("e1", "c1", GIVEN))

    with Traces("share", "").hearing([job]):
        assert job.cause == Cause("e1", "c1", GIVEN)


def test_without_a_collector_nothing_of_the_sdk_is_imported() -> None:
    program = (
        "import sys, services.discover.app, services.share.app, services.codify.app, services.spread.app\n"
        "from shared.observability.traces import Traces\n"
        "Traces('share', '')\n"
        "print(*(name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))))"
    )

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours.

    assert found.stdout.strip() == ""


@pytest.mark.parametrize("address", ["collector:4318", "ftp://collector", "http://", "http:// x"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in ("AUTHOR_KEY", "ISSUER", "JWKS", "GATEWAY_KEY"):
        monkeypatch.setenv(f"KNOWHOW_{name}", HEX)
    monkeypatch.setenv("KNOWHOW_OTLP", address)

    with pytest.raises(ValueError, match="otlp"):
        Settings()
