"""A curator's decision as a signed text, so that codify can check who decided whichever way it arrived."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

from joserfc import jws
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.identity.algorithms import MALFORMED, FixedAlgorithms, header_of

AUDIENCE: Final = "knowhow.codify.decisions"
_ACCEPTED: Final = FixedAlgorithms(algorithms=("Ed25519", "EdDSA"))
_REMEMBERED: Final = 1000
"""Keys, and signatures that were in order, of which the check is remembered: its outcome follows from the texts alone."""


class BadSignature(ValueError):  # noqa: N818 - named as the fact it states, like every refusal here.
    """A signed decision, or the key for it, cannot be relied on; the message says why."""


class DecisionClaims(BaseModel):
    """What is signed: who (`sub`) decided what about which version and content of an item, when (seconds since 1970)."""

    model_config = ConfigDict(frozen=True, strict=True)

    item_id: str = Field(min_length=1)
    version: int = Field(ge=1)
    content_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    decision: Literal["approve", "request_changes", "reject", "merge"]
    reason: str
    into: str | None = None
    sub: str = Field(min_length=1)
    aud: str = AUDIENCE
    jti: str = Field(min_length=1)
    iat: int
    exp: int


def new_key(kid: str) -> str:
    """A fresh private Ed25519 key as JWK; every call makes another one."""
    return json.dumps(OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}).as_dict(private=True))


def public_half(jwk_json: str) -> dict[str, Any]:
    """What of an Ed25519 key may be given to others; of a public key, the same key again.

    Raises:
        BadSignature: the text is not an Ed25519 key with a `kid`.
    """
    return dict(_key(jwk_json).as_dict())


def sign(claims: DecisionClaims, key_jwk: str) -> str:
    """The claims as compact JWS; the same claims and key give the same text.

    Raises:
        BadSignature: the key is not a private Ed25519 key with a `kid`.
    """
    key = _key(key_jwk)
    if not key.is_private:
        raise BadSignature("This is only the public half of the key; sign with the private one.")
    return jws.serialize_compact(
        {"alg": "Ed25519", "kid": key.kid}, claims.model_dump_json(), key, registry=_ACCEPTED
    )


def kid_of(signed: str) -> str:
    """The id of the key that a decision claims to be signed with; nothing is verified by this.

    Raises:
        BadSignature: the text is not a compact JWS, names no key, or names an algorithm other than Ed25519 or EdDSA.
    """
    try:
        return str(header_of(signed, _ACCEPTED)["kid"])
    except MALFORMED as error:
        raise BadSignature("Send the decision as a compact JWS with alg Ed25519 and a kid.") from error


def verify(signed: str, key_jwk: Mapping[str, Any], now: datetime) -> DecisionClaims:
    """What was signed, once signature, algorithm, key, audience and expiry are in order; repeating it changes nothing.

    Raises:
        BadSignature: one of these is not in order, or the claims are incomplete.
    """
    claims = _claims(_payload(signed, json.dumps(dict(key_jwk))))
    if claims.aud != AUDIENCE:
        raise BadSignature(f"The decision is meant for somebody else; sign it with aud {AUDIENCE}.")
    if claims.exp <= now.timestamp():
        raise BadSignature("The decision has expired; sign it again.")
    return claims


@lru_cache(_REMEMBERED)
def _payload(signed: str, key_jwk: str) -> bytes:
    key = _key(key_jwk)
    if kid_of(signed) != key.kid:
        raise BadSignature(
            "The decision names another key than the one it is checked with; name the right kid."
        )
    try:
        return jws.deserialize_compact(signed, key, registry=_ACCEPTED).payload
    except MALFORMED as error:
        raise BadSignature("The decision was changed after signing or signed with another key.") from error


def _claims(payload: bytes) -> DecisionClaims:
    try:
        return DecisionClaims.model_validate_json(payload)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(part) for found in error.errors() for part in found["loc"][:1]}))
        raise BadSignature(
            f"The signed decision is incomplete or malformed; correct {wrong or 'its JSON'}."
        ) from error


@lru_cache(_REMEMBERED)
def _key(jwk_json: str) -> OKPKey:
    try:
        jwk = json.loads(jwk_json)
        key = OKPKey.import_key(jwk)
        if (jwk["kty"], key.curve_name) == ("OKP", "Ed25519") and key.kid:
            return key
    except MALFORMED as error:
        raise BadSignature("The key must be an Ed25519 JWK with a kid.") from error
    raise BadSignature("The key must be an Ed25519 JWK with a kid.")
