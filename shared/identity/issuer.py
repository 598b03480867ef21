"""A sign-in for one machine, so that trying the house out needs no identity provider."""

import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from fastapi import APIRouter, HTTPException, Response
from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.identity.people import Person
from shared.identity.signatures import BadSignature, new_key, public_half

_LASTS: Final = 12 * 60 * 60
_PEOPLE: Final = TypeAdapter(tuple[Person, ...])


class SignIn(BaseModel):
    """Whom to sign in as."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"person": "ada"}]})

    person: str


class SignedIn(BaseModel):
    """A bearer token and for how many seconds it is good."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name, not a secret.
    expires_in: int = _LASTS


class People(BaseModel):
    """Everyone who can sign in here."""

    items: Sequence[Person]


def load_people(directory: Path) -> tuple[Person, ...]:
    """Everyone listed in the directory's `people.json`.

    Raises:
        ValueError: the file is missing or not a list of people; the message names it.
    """
    path = directory / "people.json"
    try:
        return _PEOPLE.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ValueError(
            f"Make {path} a list of people with id, name, department and roles: {error}"
        ) from error


def ensure_issuer_key(directory: Path) -> str:
    """The issuer's private key from `issuer.jwk`, made on the first call; its public half is in `jwks.json` afterwards.

    Raises:
        ValueError: `issuer.jwk` is there but damaged; the message names it.
        OSError: the directory cannot be written to.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "issuer.jwk"
    if not path.exists():
        _write(path, new_key(f"local-{secrets.token_hex(8)}"))
    key = path.read_text("utf-8")
    _write(directory / "jwks.json", json.dumps(_published(key, path)))
    return key


def create_issuer(directory: Path, people: Sequence[Person], issuer: str, audience: str) -> APIRouter:
    """Routes that list the people and sign anyone in as any of them, without a password: for local use only.

    Never mount these where others than the machine's own user can reach them. The key is kept over restarts, so that
    tokens stay valid for their 12 hours.

    Raises:
        ValueError: the directory's `issuer.jwk` is damaged.
        OSError: the directory cannot be written to.
    """
    router = APIRouter(prefix="/identity", tags=["identity"])
    key = ensure_issuer_key(directory)
    by_id = {person.id: person for person in people}

    @router.get("/people")
    async def everyone() -> People:
        """Whom one can sign in as on this machine."""
        return People(items=people)

    @router.get("/jwks.json")
    async def keys() -> dict[str, Any]:
        """The public key that this machine's tokens are checked with."""
        return {"keys": [public_half(key)]}

    @router.post("/tokens")
    async def token(wish: SignIn, response: Response) -> SignedIn:
        """Sign in as one of the people; every call gives another token, and earlier ones stay valid."""
        if wish.person not in by_id:
            raise HTTPException(404, "Nobody here has this id; GET /identity/people lists who has one.")
        response.headers["Cache-Control"] = "no-store"
        return SignedIn(access_token=_token(by_id[wish.person], key, issuer, audience))

    return router


def _token(person: Person, key_jwk: str, issuer: str, audience: str) -> str:
    key = OKPKey.import_key(json.loads(key_jwk))
    claims = {"sub": person.id, **person.model_dump(mode="json", exclude={"id"})}
    now = int(time.time())
    times = {"iat": now, "nbf": now, "exp": now + _LASTS, "jti": secrets.token_hex(16)}
    header = {"alg": "Ed25519", "kid": key.kid}
    return jwt.encode(
        header, {"iss": issuer, "aud": audience, **claims, **times}, key, algorithms=["Ed25519"]
    )


def _published(key: str, path: Path) -> dict[str, Any]:
    try:
        return {"keys": [public_half(key)]}
    except BadSignature as error:
        raise ValueError(f"{path} is damaged; remove it, start again and sign in anew.") from error


def _write(path: Path, text: str) -> None:
    # Readers never see half a file, and nobody else can read the key even for a moment.
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_text(text, "utf-8")
    beside.replace(path)
