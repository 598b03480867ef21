"""The list of metrics is closed and complete, and each service tells only its own."""

from typing import Any

import pytest
from prometheus_client import Gauge, generate_latest

from shared.observability import metrics
from shared.observability.metrics import BATCH_SIZE, LAG, LETTERS, LISTED, PARKED, Listed, Measured, Metrics

SUFFIXES = ("_total", "_seconds", "_messages", "_documents", "_letters", "_behind", "_ready")


def text_of(one: Metrics) -> str:
    return generate_latest(one.registry).decode()


def test_all_that_is_defined_is_listed_once() -> None:
    defined = [one for one in vars(metrics).values() if isinstance(one, Listed)]

    assert sorted(LISTED, key=lambda one: one.name) == sorted(defined, key=lambda one: one.name)
    assert len({one.name for one in LISTED}) == len(LISTED)


@pytest.mark.parametrize("listed", LISTED, ids=lambda one: one.name)
def test_every_metric_is_explained_and_names_its_unit(listed: Listed) -> None:
    assert listed.about.endswith(".")
    assert listed.name.startswith("knowhow_")
    assert listed.name.endswith(SUFFIXES)


def test_every_sample_of_ours_names_its_service() -> None:
    one = Metrics("share")
    one.of(BATCH_SIZE, lane="heard").observe(3)
    one.show([Measured(LAG, 4, {"topic": "t"})])

    samples = [line for line in text_of(one).splitlines() if line.startswith("knowhow_")]
    assert samples
    assert all('service="share"' in line for line in samples)


def test_services_in_one_process_do_not_mix() -> None:
    share, spread = Metrics("share"), Metrics("spread")
    share.of(PARKED).inc()

    assert 'knowhow_parked_total{service="share"} 1.0' in text_of(share)
    assert 'knowhow_parked_total{service="spread"} 0.0' in text_of(spread)
    assert "share" not in text_of(spread)


@pytest.mark.parametrize("labels", [{}, {"lane": "heard", "person": "ines"}])
def test_nobody_adds_a_label(labels: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="label"):
        Metrics("share").of(BATCH_SIZE, **labels)


def test_a_metric_that_is_not_listed_does_not_exist() -> None:
    with pytest.raises(KeyError):
        Metrics("share").of(Listed("knowhow_more", Gauge, "More."))


def test_a_value_that_could_not_be_measured_is_gone_rather_than_old() -> None:
    one = Metrics("share")
    one.show([Measured(LETTERS, 3), Measured(LAG, 1, {"topic": "t"})])

    one.show([Measured(LAG, 2, {"topic": "t"})])

    assert "knowhow_dead_letters{" not in text_of(one)
    assert 'knowhow_lag_messages{service="share",topic="t"} 2.0' in text_of(one)


def test_what_has_not_happened_yet_is_told_as_nought() -> None:
    told: Any = text_of(Metrics("share"))

    assert 'knowhow_skipped_total{service="share"} 0.0' in told
    assert 'knowhow_hearing_delay_seconds_count{service="share"} 0.0' in told
