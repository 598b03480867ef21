"""Who sent a request: turns a bearer token into the person it names."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, MissingClaimError
from joserfc.jwk import import_key
from joserfc.jwt import JWTClaimsRegistry
from pydantic import ValidationError

from shared.identity.algorithms import MALFORMED, FixedAlgorithms, header_of
from shared.identity.jwks import IssuerKeys
from shared.identity.people import Person, Role
from shared.settings import Settings

_ACCEPTED: Final = FixedAlgorithms(
    algorithms=("EdDSA", "Ed25519", "ES256", "RS256"), strict_check_header=False
)
_CLOCKS_MAY_DIFFER_BY: Final = 30
_REMEMBERED: Final = 1000
"""Tokens and keys of which it is remembered that the signature is in order: that follows from the texts alone."""


class NotSignedIn(ValueError):  # noqa: N818 - named as the fact it states, like every refusal here.
    """The token does not say who sent the request; its message tells the person what to do."""


class Tokens:
    """Checks bearer tokens of one issuer for one audience, both taken from the settings."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._keys = IssuerKeys(settings.jwks, clock)
        self._claims = JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=_CLOCKS_MAY_DIFFER_BY,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def person(self, bearer: str) -> Person:
        """The person a token (what follows `Bearer `) was issued to; asking again gives the same answer until it expires.

        Raises:
            NotSignedIn: the token is malformed, unsigned, expired, or meant for somebody else.
            IssuerAway: the issuer's keys cannot be read now.
        """
        return _person(await self._checked(bearer))

    async def lasts(self, bearer: str) -> float:
        """For how many seconds more a token will be good.

        Raises:
            NotSignedIn, IssuerAway: as above.
        """
        expires: float = (await self._checked(bearer))["exp"]
        return expires + _CLOCKS_MAY_DIFFER_BY - self._clock()

    async def _checked(self, bearer: str) -> dict[str, Any]:
        with _told_plainly():
            header = header_of(bearer, _ACCEPTED)
            key = await self._keys.find(header.get("kid"), header["alg"])
            claims = _signed(bearer, json.dumps(key.as_dict(private=False)))
            self._claims.validate(claims)
        return claims


@lru_cache(_REMEMBERED)
def _signed(bearer: str, key_jwk: str) -> dict[str, Any]:
    return jwt.decode(bearer, import_key(json.loads(key_jwk)), registry=_ACCEPTED).claims


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except ExpiredTokenError as error:
        raise NotSignedIn("Your sign-in has expired; sign in again.") from error
    except MissingClaimError as error:
        raise NotSignedIn(f"The token lacks {error.claim}; ask its issuer to add it.") from error
    except InvalidClaimError as error:
        raise NotSignedIn(f"The token's claim {error.claim} is not valid here; sign in again.") from error
    except MALFORMED as error:
        raise NotSignedIn("The token is not signed by the issuer trusted here; sign in again.") from error


def _person(claims: Mapping[str, Any]) -> Person:
    try:
        known = {field: claims.get(field) for field in ("name", "department")}
        return Person.model_validate({"id": claims["sub"], "roles": _roles(claims), **known})
    except ValidationError as error:
        raise NotSignedIn(
            "The token must carry name and department as text; ask its issuer to add them."
        ) from error


def _roles(claims: Mapping[str, Any]) -> frozenset[Role]:
    # An issuer may list roles of other systems too; those mean nothing here.
    listed = claims.get("roles", [])
    if not isinstance(listed, list):
        raise NotSignedIn("The token's claim roles must be a list; ask its issuer to correct it.")
    return frozenset(role for role in Role if role in listed)
