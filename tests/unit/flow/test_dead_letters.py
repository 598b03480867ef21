"""What could not be heard is kept as it came, until it is heard after all."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from shared.flow.dead_letters import (
    LARGEST_COPY,
    DeadLetter,
    Discarded,
    DiscardLetter,
    HeardAfterAll,
    Letter,
    MessageParked,
    discard,
    hear_after_all,
    letter,
    letter_id,
    park,
)
from shared.flow.step import Outcome, Refused, unchanged
from tests.support.builders import LATER, NOW, moment

TOPIC = "knowhow.discover.items.v1"
WISH = DiscardLetter(letter_id="l", by="admin", reason="The signer knows.")
DISCARDED = Discarded(by="admin", reason="The signer knows.", at=LATER)
HEADERS = (("ce_type", b"ItemCaptured"), ("traceparent", b"00-trace"), ("odd", b"\xff"))


def record(**changes: Any) -> Any:
    usual = {"topic": TOPIC, "partition": 2, "offset": 7, "key": b"k", "value": b"\xff{", "headers": HEADERS}
    return SimpleNamespace(**usual | changes)


def written(error: Exception | None = None, **changes: Any) -> Letter:
    return letter(record(**changes), error or Refused("Not a valid ItemCaptured."), "share")


def parked(**changes: Any) -> DeadLetter:
    return DeadLetter(**written().model_dump(), parked_at=NOW).model_copy(update=changes)


def test_a_letter_keeps_the_original_to_the_byte() -> None:
    one = written()

    assert (one.topic, one.partition, one.offset) == (TOPIC, 2, 7)
    assert (one.key, one.value, one.headers) == (b"k", b"\xff{", HEADERS)
    assert (one.trace, one.service) == ("00-trace", "share")


def test_a_letter_says_what_kind_of_error_it_was() -> None:
    assert written().reason == "Refused: Not a valid ItemCaptured."
    assert len(written(ValueError("long " * 1000)).reason) == 2000


def test_a_letter_takes_what_is_missing_as_empty() -> None:
    one = written(key=None, value=None, headers=None)
    other = written(headers=[("ce_type", None)])

    assert (one.key, one.value, one.headers, one.trace) == (b"", b"", (), "")
    assert other.headers == (("ce_type", b""),)


def test_a_parked_message_is_kept_and_said_on_the_dead_letter_topic() -> None:
    outcome = park(None, written(), moment())

    [said] = outcome.says
    assert outcome.state == parked()
    assert isinstance(said, MessageParked)
    assert (said.destination, said.key) == (f"{TOPIC}.dead.share", f"{TOPIC}/2/7")
    assert base64.b64decode(said.value_base64 or "") == b"\xff{"


def test_a_message_is_parked_once_also_after_it_was_heard() -> None:
    heard = parked(heard_at=LATER)

    assert park(parked(), written(), moment(at=LATER)) == unchanged(parked())
    assert park(heard, written(), moment(at=LATER)) == unchanged(heard)


@pytest.mark.parametrize(("size", "copied"), [(LARGEST_COPY, True), (LARGEST_COPY + 1, False)])
def test_a_large_value_is_kept_but_not_announced(size: int, copied: bool) -> None:
    outcome = park(None, written(value=b"x" * size), moment())

    [said] = outcome.says
    assert isinstance(said, MessageParked)
    assert outcome.state is not None
    assert (said.value_base64 is not None, len(outcome.state.value)) == (copied, size)


def test_a_message_heard_after_all_leaves_the_list() -> None:
    outcome = hear_after_all(parked(), HeardAfterAll(letter_id="l"), moment(at=LATER))

    assert outcome == Outcome(parked(heard_at=LATER))


def test_hearing_it_after_all_again_keeps_the_first_time() -> None:
    heard = parked(heard_at=NOW)

    assert hear_after_all(heard, HeardAfterAll(letter_id="l"), moment(at=LATER)) == unchanged(heard)


def test_there_is_no_hearing_what_was_never_parked() -> None:
    with pytest.raises(Refused, match="no such dead letter") as refused:
        hear_after_all(None, HeardAfterAll(letter_id="l"), moment())

    assert refused.value.status == 404


def test_a_discarded_message_leaves_the_list_and_keeps_who_did_so_when_and_why() -> None:
    assert discard(parked(), WISH, moment(at=LATER)) == Outcome(parked(discarded=DISCARDED))


def test_discarding_it_again_keeps_the_first_who_when_and_why() -> None:
    gone = parked(discarded=DISCARDED)
    again = DiscardLetter(letter_id="l", by="noor", reason="Once more.")

    assert discard(gone, again, moment()) == unchanged(gone)


def test_a_message_that_was_heard_after_all_is_not_discarded() -> None:
    heard = parked(heard_at=NOW)

    assert discard(heard, WISH, moment(at=LATER)) == unchanged(heard)


def test_a_discarded_message_is_not_parked_again() -> None:
    gone = parked(discarded=DISCARDED)

    assert park(gone, written(), moment(at=LATER)) == unchanged(gone)


def test_a_discarded_message_can_still_be_heard_after_all() -> None:
    outcome = hear_after_all(parked(discarded=DISCARDED), HeardAfterAll(letter_id="l"), moment(at=LATER))

    assert outcome == Outcome(parked(discarded=DISCARDED, heard_at=LATER))


def test_there_is_no_discarding_what_was_never_parked() -> None:
    with pytest.raises(Refused, match="`knowhow dead-letters list` shows them") as refused:
        discard(None, WISH, moment())

    assert refused.value.status == 404


def test_a_letter_that_was_stored_before_there_was_discarding_is_not_discarded() -> None:
    stored = parked().model_dump(exclude={"discarded"})

    assert DeadLetter.model_validate(stored) == parked()


def test_a_message_announced_again_elsewhere_is_the_same_letter() -> None:
    named: Any = {"headers": (("ce_id", b"items/item-1/1"), ("ce_source", b"/discover"))}

    assert letter_id(written(**named)) == letter_id(written(**named, offset=99))
    assert letter_id(written(**named)) != letter_id(written(**named, value=b"other"))


def test_a_message_without_a_name_is_a_letter_of_its_place() -> None:
    assert letter_id(written()) == letter_id(written(key=b"other"))
    assert letter_id(written()) != letter_id(written(offset=99))


def test_a_letter_has_a_name_whatever_its_headers_hold() -> None:
    assert len(letter_id(written(headers=(("ce_id", b"\xff"), ("ce_source", b"\xfe"))))) == 32
