"""What tells an author from others, and what it keeps to itself."""

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from shared.identity.authorship import authorship, is_author, private_id, pseudonym

KEY = b"a key of thirty-two bytes or so."


def test_the_author_is_recognised() -> None:
    assert is_author(KEY, "ada", "item-1", authorship(KEY, "ada", "item-1"))


def test_nobody_else_is_taken_for_the_author() -> None:
    assert not is_author(KEY, "eve", "item-1", authorship(KEY, "ada", "item-1"))


def test_a_proof_is_worth_nothing_on_another_item() -> None:
    assert not is_author(KEY, "ada", "item-2", authorship(KEY, "ada", "item-1"))


def test_a_proof_is_worth_nothing_under_another_key() -> None:
    assert not is_author(b"another key", "ada", "item-1", authorship(KEY, "ada", "item-1"))


def test_a_proof_is_a_plain_digest() -> None:
    assert re.fullmatch("[0-9a-f]{64}", authorship(KEY, "ada", "item-1"))


def test_a_proof_of_before_still_holds() -> None:
    proof = authorship(KEY, "ada", "item-1")

    assert proof == "ea610b853d7d337ec616065c1a35f6ca605a78eca9b0f352dfc0825e072fb25a"


@given(st.text(st.characters(codec=None)))
def test_any_text_may_be_offered_as_a_proof(proof: str) -> None:
    assert not is_author(KEY, "ada", "item-1", proof)


@given(st.text(), st.text(), st.text(), st.text())
def test_shifting_letters_between_person_and_item_gives_another_proof(a: str, b: str, c: str, d: str) -> None:
    assert (authorship(KEY, a, b) == authorship(KEY, c, d)) == ((a, b) == (c, d))


def test_a_pseudonym_is_two_words_and_a_number() -> None:
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+ [1-9][0-9]", pseudonym(KEY, "ada", "item-1"))


def test_a_pseudonym_stays_the_same_on_one_item() -> None:
    assert pseudonym(KEY, "ada", "item-1") == pseudonym(KEY, "ada", "item-1") == "Indigo Oriole 69"


def test_two_people_have_two_pseudonyms_on_one_item() -> None:
    assert pseudonym(KEY, "ada", "item-1") != pseudonym(KEY, "eve", "item-1")


def test_pseudonyms_of_one_person_have_nothing_in_common_across_items() -> None:
    names = {pseudonym(KEY, "ada", f"item-{n}") for n in range(200)}

    assert len(names) >= 199
    assert len({name.split()[0] for name in names}) > 50


def test_a_private_id_is_short_and_stable() -> None:
    made = private_id(KEY, "ada", "content")

    assert made == private_id(KEY, "ada", "content")
    assert re.fullmatch("[a-z2-7]{26}", made)


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_different_parts_give_different_ids(one: list[str], other: list[str]) -> None:
    assert (private_id(KEY, *one) == private_id(KEY, *other)) == (one == other)


def test_ids_proofs_and_pseudonyms_do_not_give_each_other_away() -> None:
    as_id = base64.b32encode(bytes.fromhex(authorship(KEY, "ada", "item-1"))).decode().lower()

    assert not as_id.startswith(private_id(KEY, "ada", "item-1"))
