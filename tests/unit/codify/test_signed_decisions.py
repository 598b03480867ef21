"""The checks of a decision from the signed text on, with the keys and the say of now."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest

from services.codify.domain.review import Review, ReviewState
from services.codify.steps.decide_review import Audit, decide_review
from services.codify.storage import AUDITS, CURATORS, ENTRIES, CodifyStorage
from shared.contracts.base import Author
from shared.contracts.codify import DecideReview, ItemApproved
from shared.fingerprint import digest
from shared.flow.step import Outcome, Refused, unchanged
from shared.identity.authorship import authorship
from shared.identity.signatures import DecisionClaims, new_key, public_half, sign
from tests.support.builders import SHA, author, content, curator, hidden_author, library_entry, moment, review
from tests.support.identity import tampered, unsigned
from tests.support.shelves import Shelves

AUTHOR_KEY = b"a key of thirty-two bytes or so."
GATEWAY, CORAS, DANAS = new_key("gateway"), new_key("own:cora:laptop"), new_key("own:dana:laptop")
NOW = int(time.time())
SALES = content(topics=("sales",))
SAID = {"item_id": "item-1", "version": 1, "content_sha256": SHA, "decision": "approve", "reason": "Clear."}


def public(key: str) -> str:
    return json.dumps(public_half(key))


CORA = curator("cora", own_keys=(public(CORAS),))
DANA = curator("dana", "sales", own_keys=(public(DANAS),))


def claims(**changes: Any) -> DecisionClaims:
    usual = SAID | {"sub": "cora", "jti": "d-1", "iat": NOW, "exp": NOW + 600}
    return DecisionClaims.model_validate(usual | changes)


async def decided(signed: str, known: Review | None = None, **curators: Any) -> Outcome[Review]:
    shelves = Shelves()
    shelves.put(CURATORS, **({"cora": CORA, "dana": DANA} | curators))
    shelves.put(ENTRIES, entry_1=library_entry(entry_id="entry-1"))
    heard = DecideReview(item_id="item-1", jws=signed)
    [checked] = await CodifyStorage(shelves, GATEWAY, AUTHOR_KEY).checked([heard])
    return decide_review(known or review(), heard, moment(checked))


@pytest.mark.parametrize("key", [GATEWAY, CORAS])
async def test_a_decision_counts_with_the_gateways_key_or_the_curators_own(key: str) -> None:
    outcome = await decided(sign(claims(), key))

    assert [type(said) for said in outcome.says] == [ItemApproved]


@pytest.mark.parametrize("key", [GATEWAY, CORAS])
async def test_a_tampered_decision_does_not_count(key: str) -> None:
    with pytest.raises(Refused, match="changed after signing"):
        await decided(tampered(sign(claims(), key), decision="reject"))


async def test_an_unsigned_decision_does_not_count() -> None:
    with pytest.raises(Refused, match="alg Ed25519"):
        await decided(unsigned("own:cora:laptop", claims().model_dump()))


async def test_an_expired_decision_does_not_count() -> None:
    with pytest.raises(Refused, match="expired"):
        await decided(sign(claims(exp=NOW - 1), GATEWAY))


@pytest.mark.parametrize("kid", ["own:cora:laptop", "gateway"])
async def test_another_key_under_a_registered_name_does_not_count(kid: str) -> None:
    with pytest.raises(Refused, match="signed with another key"):
        await decided(sign(claims(), new_key(kid)))


@pytest.mark.parametrize("kid", ["own:cora:phone", "own:nobody:laptop", "own:", "cora", "laptop"])
async def test_a_key_that_nobody_registered_does_not_count(kid: str) -> None:
    with pytest.raises(Refused, match="nobody has registered"):
        await decided(sign(claims(), new_key(kid)))


async def test_nobody_decides_in_anothers_name() -> None:
    with pytest.raises(Refused, match="somebody else's key"):
        await decided(sign(claims(sub="cora"), DANAS))


async def test_a_dismissed_curators_key_does_not_count() -> None:
    gone = curator("cora", own_keys=(public(CORAS),), removed=True)

    with pytest.raises(Refused, match="nobody has registered"):
        await decided(sign(claims(), CORAS), cora=gone)


async def test_a_dismissed_curator_has_no_say_through_the_gateway_either() -> None:
    with pytest.raises(Refused, match="no say"):
        await decided(sign(claims(), GATEWAY), cora=curator("cora", removed=True))


@pytest.mark.parametrize(("sub", "key"), [("dana", DANAS), ("dana", GATEWAY), ("eve", GATEWAY)])
async def test_who_has_no_say_over_the_topics_now_does_not_decide(sub: str, key: str) -> None:
    with pytest.raises(Refused, match="no say"):
        await decided(sign(claims(sub=sub), key))


def _own(author: Author) -> Review:
    proof = {"proof": authorship(AUTHOR_KEY, "cora", "item-1")}
    return review(author=author.model_copy(update=proof))


@pytest.mark.parametrize("key", [GATEWAY, CORAS])
async def test_nobody_decides_about_their_own_item(key: str) -> None:
    with pytest.raises(Refused, match="their own item"):
        await decided(sign(claims(), key), _own(author()))


@pytest.mark.parametrize("key", [GATEWAY, CORAS])
async def test_what_a_hidden_author_decides_about_their_own_item_is_passed_over(key: str) -> None:
    own = _own(hidden_author())

    assert await decided(sign(claims(), key), own) == unchanged(own)


@pytest.mark.parametrize("read", [{"version": 2}, {"content_sha256": "f" * 64}])
async def test_a_decision_about_other_content_than_was_read_does_not_count(read: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="changed since it was read"):
        await decided(sign(claims(**read), GATEWAY))


async def test_a_decision_signed_for_another_item_does_not_count() -> None:
    with pytest.raises(Refused, match="another item"):
        await decided(sign(claims(item_id="item-2"), GATEWAY))


async def test_the_same_decision_again_changes_nothing() -> None:
    known = (await decided(sign(claims(), GATEWAY))).state

    assert await decided(sign(claims(), GATEWAY), known) == unchanged(known)


async def test_a_decision_that_counted_changes_nothing_after_it_expired() -> None:
    known = (await decided(sign(claims(), GATEWAY))).state

    assert await decided(sign(claims(exp=NOW - 1), GATEWAY), known) == unchanged(known)


async def amended_after(signed: str) -> Review:
    known = (await decided(signed)).state
    assert known is not None
    return known.model_copy(update={"version": 2, "state": ReviewState.OPEN})


async def test_a_used_decision_id_approves_nothing() -> None:
    known = await amended_after(sign(claims(decision="request_changes"), GATEWAY))

    with suppress(Refused):
        assert not (await decided(sign(claims(version=2), GATEWAY), known)).says


async def test_two_curators_tools_may_number_their_decisions_alike() -> None:
    known = await amended_after(sign(claims(jti="1", decision="request_changes"), CORAS))

    approval = sign(claims(jti="1", version=2, sub="fin"), GATEWAY)

    assert (await decided(approval, known, fin=curator("fin"))).says


@pytest.mark.parametrize("later", [{"own_keys": ()}, {"own_keys": (public(CORAS),), "removed": True}])
async def test_a_decision_that_counted_changes_nothing_after_its_key_was_taken_away(later: Any) -> None:
    heard = DecideReview(item_id="item-1", jws=sign(claims(), CORAS))
    known = (await decided(heard.jws)).state
    shelves = Shelves()
    shelves.put(CURATORS, cora=curator("cora", **later))
    shelves.put(AUDITS, **{digest(heard): Audit(item_id="item-1", sub="cora", refused=None)})

    [checked] = await CodifyStorage(shelves, GATEWAY, AUTHOR_KEY).checked([heard])

    assert decide_review(known, heard, moment(checked)) == unchanged(known)


async def test_an_item_is_merged_into_an_entry_that_is_there() -> None:
    assert (await decided(sign(claims(decision="merge", into="entry-1"), GATEWAY))).says

    with pytest.raises(Refused, match="no entry"):
        await decided(sign(claims(decision="merge", into="entry-2"), GATEWAY))
    with pytest.raises(Refused, match="no entry"):
        await decided(sign(claims(decision="merge"), GATEWAY))


async def test_an_item_is_not_merged_into_a_retired_entry() -> None:
    shelves = Shelves()
    shelves.put(CURATORS, cora=CORA)
    shelves.put(ENTRIES, entry_1=library_entry(retired="Its author has withdrawn it."))
    heard = DecideReview(item_id="item-1", jws=sign(claims(decision="merge", into="entry-1"), GATEWAY))

    [checked] = await CodifyStorage(shelves, GATEWAY, AUTHOR_KEY).checked([heard])

    with pytest.raises(Refused):
        decide_review(review(), heard, moment(checked))


async def test_an_item_is_not_merged_into_an_entry_over_which_the_curator_has_no_say() -> None:
    shelves = Shelves()
    shelves.put(CURATORS, cora=CORA)
    shelves.put(ENTRIES, entry_1=library_entry().model_copy(update={"content": SALES}))
    heard = DecideReview(item_id="item-1", jws=sign(claims(decision="merge", into="entry-1"), GATEWAY))

    [checked] = await CodifyStorage(shelves, GATEWAY, AUTHOR_KEY).checked([heard])

    with pytest.raises(Refused):
        decide_review(review(), heard, moment(checked))


async def test_a_curator_whose_id_has_a_colon_may_use_a_key_of_their_own() -> None:
    key = new_key("own:oidc:7:laptop")
    owner = curator("oidc:7", own_keys=(public(key),))

    outcome = await decided(sign(claims(sub="oidc:7"), key), None, **{"oidc:7": owner})

    assert outcome.says
