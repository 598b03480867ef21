"""Digests that tell whether two things say the same."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.base import Content
from shared.contracts.discover import ItemWithdrawn
from shared.contracts.share import ItemTakenBack
from shared.fingerprint import content_sha256, digest, same_body
from tests.support.builders import content
from tests.support.generated import anything


def test_a_content_has_the_digest_that_anybody_can_compute() -> None:
    said = (
        '{"body":"Grüße","expected":null,"kind":"prompt","model":null,"origin":null,"sample_output":null,'
        '"title":"Plain words","tools":[],"topics":["finance/tax"],"variables":[]}'
    )

    assert content_sha256(content(body="Grüße")) == hashlib.sha256(said.encode()).hexdigest()


@given(anything(Content), anything(Content))
def test_contents_share_a_digest_exactly_where_they_say_the_same(one: Content, other: Content) -> None:
    assert (content_sha256(one) == content_sha256(other)) == (one == other)


@given(anything(Content))
def test_a_content_keeps_its_digest_over_the_wire(one: Content) -> None:
    assert content_sha256(Content.model_validate_json(one.model_dump_json())) == content_sha256(one)


@pytest.mark.parametrize("body", ["a b", " a  b\n", "a\r\n\tb", "a\u00a0b"])
def test_bodies_that_differ_in_white_space_only_are_the_same(body: str) -> None:
    assert same_body(body) == "a b"


@given(st.text(), st.text())
def test_other_bodies_are_not(one: str, other: str) -> None:
    assert (same_body(one) == same_body(other)) == (one.split() == other.split())


def test_an_announcements_digest_tells_what_is_said_and_of_what_kind() -> None:
    gone = ItemWithdrawn(item_id="a", version=2)

    assert digest(gone) == digest(ItemWithdrawn(item_id="a", version=2))
    assert digest(gone) != digest(ItemWithdrawn(item_id="a", version=3))
    assert digest(gone) != digest(ItemTakenBack(item_id="a", version=2))
    assert len(digest(gone)) == 40
