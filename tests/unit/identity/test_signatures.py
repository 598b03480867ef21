"""Which signed decisions can be relied on."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from pydantic import ValidationError

from shared.identity.algorithms import FixedAlgorithms
from shared.identity.signatures import (
    BadSignature,
    DecisionClaims,
    kid_of,
    new_key,
    public_half,
    sign,
    verify,
)
from tests.support.identity import encoded, signed_with_public_key, tampered, unsigned

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
KEY = new_key("ada-1")
PUBLIC = public_half(KEY)
WHOLE = {
    "item_id": "item-1",
    "version": 3,
    "content_sha256": "0" * 64,
    "decision": "approve",
    "reason": "It works.",
}
CLAIMS = DecisionClaims.model_validate(
    WHOLE | {"sub": "ada", "jti": "j-1", "iat": SECONDS, "exp": SECONDS + 600}
)


def signed_as_is(claims: Mapping[str, Any] | bytes, **header: Any) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims)
    registry = FixedAlgorithms(algorithms=["Ed25519", "EdDSA"])
    key = OKPKey.import_key(json.loads(KEY))
    return jws.serialize_compact({"alg": "Ed25519", "kid": "ada-1"} | header, payload, key, registry=registry)


def test_what_was_signed_comes_back() -> None:
    assert verify(sign(CLAIMS, KEY), PUBLIC, NOW) == CLAIMS


def test_signing_twice_gives_the_same_text() -> None:
    assert sign(CLAIMS, KEY) == sign(CLAIMS, KEY)


def test_the_key_is_named_before_anything_is_verified() -> None:
    assert kid_of(sign(CLAIMS, KEY)) == "ada-1"


def test_a_curators_tool_may_use_the_older_name_of_the_algorithm() -> None:
    assert verify(signed_as_is(CLAIMS.model_dump(), alg="EdDSA"), PUBLIC, NOW) == CLAIMS


def test_a_curators_tool_may_say_more_than_is_asked() -> None:
    assert verify(signed_as_is(CLAIMS.model_dump() | {"tool": "mine 1.0"}), PUBLIC, NOW) == CLAIMS


@pytest.mark.parametrize(
    "changes", [{"decision": "reject"}, {"item_id": "item-2"}, {"version": 4}, {"sub": "eve"}]
)
def test_a_changed_decision_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match="changed after signing"):
        verify(tampered(sign(CLAIMS, KEY), **changes), PUBLIC, NOW)


def test_another_key_under_the_same_name_is_refused() -> None:
    with pytest.raises(BadSignature, match="another key"):
        verify(sign(CLAIMS, new_key("ada-1")), PUBLIC, NOW)


def test_a_decision_is_checked_only_with_the_key_it_names() -> None:
    with pytest.raises(BadSignature, match="names another key"):
        verify(signed_as_is(CLAIMS.model_dump(), kid="ada-2"), PUBLIC, NOW)


def test_a_decision_for_somebody_else_is_refused() -> None:
    with pytest.raises(BadSignature, match="somebody else"):
        verify(sign(CLAIMS.model_copy(update={"aud": "knowhow"}), KEY), PUBLIC, NOW)


def test_an_expired_decision_is_refused() -> None:
    with pytest.raises(BadSignature, match="expired"):
        verify(sign(CLAIMS, KEY), PUBLIC, datetime.fromtimestamp(CLAIMS.exp, UTC))


def test_a_decision_is_good_until_its_last_second() -> None:
    assert verify(sign(CLAIMS, KEY), PUBLIC, datetime.fromtimestamp(CLAIMS.exp - 1, UTC)) == CLAIMS


@pytest.mark.parametrize("alg", ["none", "NONE", "HS256", "ES256", "RS256", "Ed448", "", None, ["none"]])
def test_only_two_algorithms_are_read(alg: Any) -> None:
    said = unsigned("ada-1", CLAIMS.model_dump(), alg)

    with pytest.raises(BadSignature, match="alg Ed25519"):
        verify(said, PUBLIC, NOW)
    with pytest.raises(BadSignature, match="alg Ed25519"):
        kid_of(said)


def test_an_empty_signature_is_refused() -> None:
    with pytest.raises(BadSignature, match="changed after signing"):
        verify(unsigned("ada-1", CLAIMS.model_dump(), "Ed25519"), PUBLIC, NOW)


def test_the_public_key_does_not_serve_as_a_shared_secret() -> None:
    with pytest.raises(BadSignature, match="alg Ed25519"):
        verify(signed_with_public_key(PUBLIC, CLAIMS.model_dump()), PUBLIC, NOW)


@pytest.mark.parametrize("header", [{"alg": "Ed25519"}, {"kid": "ada-1"}, {"alg": "Ed25519", "kid": 7}, {}])
def test_a_header_without_algorithm_or_key_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match="a kid"):
        kid_of(f"{encoded(header)}.{encoded(CLAIMS.model_dump())}.")


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", "é", "\ud800", "a" * 200_000, f"{encoded(b'[' * 300)}..", "{}"]
)
def test_what_is_no_jws_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadSignature, match="compact JWS"):
        verify(text, PUBLIC, NOW)


@pytest.mark.parametrize("claim", sorted(set(CLAIMS.model_dump()) - {"into", "aud"}))
def test_a_missing_claim_is_told_by_name(claim: str) -> None:
    said = {name: value for name, value in CLAIMS.model_dump().items() if name != claim}

    with pytest.raises(BadSignature, match=f"correct {claim}"):
        verify(signed_as_is(said), PUBLIC, NOW)


@pytest.mark.parametrize("wrong", [{"version": "3"}, {"version": 0}, {"decision": "publish"}, {"exp": 1e400}])
def test_a_claim_of_the_wrong_kind_is_told_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match=f"correct {next(iter(wrong))}"):
        verify(signed_as_is(CLAIMS.model_dump() | wrong), PUBLIC, NOW)


@pytest.mark.parametrize("payload", [b"", b"x", b"[]", b"\xff", b"[" * 5_000])
def test_a_signed_text_that_is_no_decision_is_refused(payload: bytes) -> None:
    with pytest.raises(BadSignature, match="incomplete or malformed"):
        verify(signed_as_is(payload), PUBLIC, NOW)


def test_a_public_half_cannot_sign() -> None:
    with pytest.raises(BadSignature, match="public half"):
        sign(CLAIMS, json.dumps(PUBLIC))


def test_a_public_half_keeps_the_secret() -> None:
    assert set(PUBLIC) == {"kty", "crv", "x", "kid", "use"}
    assert public_half(json.dumps(PUBLIC)) == PUBLIC


def test_every_new_key_is_another_one() -> None:
    assert public_half(new_key("ada-1"))["x"] != PUBLIC["x"]


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        [],
        "x",
        {name: value for name, value in PUBLIC.items() if name != "kid"},
        PUBLIC | {"kty": "oct"},
        PUBLIC | {"x": "AA"},
        PUBLIC | {"crv": "Ed999"},
        PUBLIC | {"x": 7},
        OKPKey.generate_key("Ed448", {"kid": "ada-1"}).as_dict(),
        OKPKey.generate_key("X25519", {"kid": "ada-1"}).as_dict(),
        ECKey.generate_key("P-256", {"kid": "ada-1"}).as_dict(),
    ],
)
def test_only_an_ed25519_key_with_a_name_is_a_key(jwk: Any) -> None:
    with pytest.raises(BadSignature, match="Ed25519 JWK with a kid"):
        public_half(json.dumps(jwk))


def test_a_key_for_encryption_does_not_sign() -> None:
    with pytest.raises(BadSignature):
        verify(sign(CLAIMS, KEY), PUBLIC | {"use": "enc"}, NOW)


def test_claims_never_change() -> None:
    with pytest.raises(ValidationError):
        setattr(CLAIMS, "decision", "reject")  # noqa: B010 - the type checker would not let it pass otherwise.
