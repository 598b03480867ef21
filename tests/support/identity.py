"""An issuer of tests' own, and tokens as a forger would make them."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from shared.identity.algorithms import FixedAlgorithms
from shared.identity.signatures import new_key, public_half
from shared.identity.tokens import Tokens
from shared.settings import Settings


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = 1_800_000_000

    def __call__(self) -> float:
        return self.now


@dataclass
class Issuer:
    """Signs tokens for Ada and publishes its key in a file."""

    jwks: Path
    clock: Clock = field(default_factory=Clock)
    key: str = field(default_factory=lambda: new_key("first"))

    def publish(self, *keys: Mapping[str, Any]) -> None:
        """Publish these keys, or its own where none are given."""
        self.jwks.write_text(json.dumps({"keys": keys or [public_half(self.key)]}))

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What a token says, with changes; a claim changed to None is left out."""
        now = int(self.clock.now)
        whole = {"iss": "https://id.example", "aud": "knowhow", "nbf": now, "exp": now + 600, "sub": "ada"}
        whole |= {"name": "Ada", "department": "finance", "roles": ["member", "curator"]} | changes
        return {name: value for name, value in whole.items() if value is not None}

    def token(self, alg: str = "Ed25519", **changes: Any) -> str:
        """A token for Ada, with changed claims."""
        key = OKPKey.import_key(json.loads(self.key))
        registry = FixedAlgorithms(algorithms=[alg])
        return jwt.encode({"alg": alg, "kid": key.kid}, self.claims(**changes), key, registry=registry)

    def tokens(self, jwks: str = "") -> Tokens:
        """What checks this issuer's tokens."""
        return Tokens(trusting(jwks or str(self.jwks)), self.clock)


def trusting(jwks: str) -> Settings:
    """Settings that trust the keys at this place."""
    unused = SecretStr("unused" * 8)
    return Settings(author_key=unused, gateway_key=unused, issuer="https://id.example", jwks=jwks)


def encoded(value: bytes | Mapping[str, Any]) -> str:
    """One part of a compact JWS."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(kid: str, claims: Mapping[str, Any], alg: str = "none") -> str:
    """A JWS with an empty signature."""
    return f"{encoded({'alg': alg, 'kid': kid})}.{encoded(claims)}."


def signed_with_public_key(public: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A JWS whose HMAC secret is the public key: works on whoever lets the header choose the algorithm."""
    said = unsigned(public["kid"], claims, "HS256").removesuffix(".")
    secret = base64.urlsafe_b64decode(public["x"] + "=")
    return f"{said}.{encoded(hmac.digest(secret, said.encode(), 'sha256'))}"


def tampered(signed: str, **changes: Any) -> str:
    """The same JWS with other claims under the old signature."""
    header, claims, signature = signed.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    return f"{header}.{encoded(said | changes)}.{signature}"
