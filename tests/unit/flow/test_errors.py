"""The three kinds of errors."""

import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError, NotLeaderForPartitionError
from opensearchpy.exceptions import ConnectionError as SearchConnectionError
from opensearchpy.exceptions import ConnectionTimeout, NotFoundError, RequestError, TransportError

from shared.flow.errors import Fault, Passing, fault_of
from shared.flow.step import Refused
from shared.storage.drivers import AWAY, UNWELL, BulkWriteError
from shared.web.problems import FieldsRefused


@pytest.mark.parametrize("error", [Refused("No."), FieldsRefused("No.", ())])
def test_what_the_rules_refuse_is_refused(error: Exception) -> None:
    assert fault_of(error) is Fault.REFUSED


@pytest.mark.parametrize(
    "error",
    [
        Passing("Later."),
        TimeoutError(),
        KafkaConnectionError(),
        NotLeaderForPartitionError(),
        SearchConnectionError("N/A", "refused", OSError()),
        ConnectionTimeout("TIMEOUT", "slow", OSError()),
        *(TransportError(status, "busy", {}) for status in (401, 403, 429, 502, 503, 504)),
        *(kind("away") for kind in AWAY),
        *(BulkWriteError({"writeErrors": [{"code": code, "index": 0}]}) for code in UNWELL),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}),
        BulkWriteError({"writeErrors": [{"code": 11000, "index": 0}], "writeConcernErrors": [{"code": 64}]}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_comes_right_when_a_server_is_back_is_passing(error: Exception) -> None:
    assert fault_of(error) is Fault.PASSING


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("item"),
        RuntimeError(),
        OSError(),
        NotFoundError(404, "no such index", {}),
        RequestError(400, "malformed", {}),
        TransportError(500, "bug", {}),
        BulkWriteError({"writeErrors": [{"code": 2, "index": 0}]}),
        BulkWriteError({"writeErrors": [{"code": 11000, "index": 0}]}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_everything_else_is_a_bug_until_shown_otherwise(error: Exception) -> None:
    assert fault_of(error) is Fault.UNKNOWN


def test_a_message_that_is_too_large_does_not_get_smaller_by_waiting() -> None:
    assert fault_of(MessageSizeTooLargeError()) is Fault.UNKNOWN
