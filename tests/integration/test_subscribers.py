"""How every service hears: nothing is committed before it was stored, and nobody hears for somebody else."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest
from faststream import AckPolicy

from shared.flow.bookmarks import Bookmarks
from shared.flow.ear import Ear
from shared.flow.fetching import Fetching
from shared.flow.kafka import connect, listen
from shared.settings import Settings
from shared.storage.documents import Documents

SERVICES = ("discover", "share", "codify", "spread")


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def subscriber(service: str, settings: Settings) -> Any:
    """The subscriber of a service, not started."""
    rows = import_module(f"services.{service}.events").ROWS
    ear = Ear(cast("Any", SimpleNamespace(rows=rows)), service)
    bookmarks = Bookmarks(Documents({"bookmarks": None}))
    broker = connect(settings, service)
    subscriber = listen(broker, ear, bookmarks, settings.model_copy(update={"instance": "7"}), Fetching(5))
    assert broker.subscribers == [subscriber]
    return subscriber


def test_offsets_are_committed_by_hand_only(subscriber: Any) -> None:
    assert subscriber.ack_policy is AckPolicy.MANUAL
    assert subscriber._connection_args["enable_auto_commit"] is False  # noqa: SLF001 - nothing public tells it.


def test_a_service_is_one_group_and_an_instance_one_static_member(subscriber: Any, service: str) -> None:
    assert subscriber.group_id == f"knowhow.{service}"
    assert subscriber._connection_args["group_instance_id"] == f"knowhow.{service}.7"  # noqa: SLF001 - as above.


def test_whoever_is_new_hears_from_the_beginning(subscriber: Any) -> None:
    assert subscriber._connection_args["auto_offset_reset"] == "earliest"  # noqa: SLF001 - as above.


def test_a_service_hears_the_topics_of_all_that_its_table_names(subscriber: Any, service: str) -> None:
    rows = import_module(f"services.{service}.events").ROWS
    topics = {row.heard.topic for row in rows if hasattr(row.heard, "topic")}

    assert set(subscriber.topic_names) == topics


def test_a_batch_may_wait_an_hour_for_a_server(subscriber: Any) -> None:
    assert subscriber._connection_args["max_poll_interval_ms"] == 3_600_000  # noqa: SLF001 - as above.
