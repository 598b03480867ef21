"""The issuer's published keys, kept at hand so that checking a token rarely needs the network."""

import asyncio
import json
import math
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import JWKRegistry, Key, KeySet

from shared.identity.algorithms import MALFORMED

_FRESH: Final = 5 * 60
_PAUSE_FOR_UNKNOWN_KEYS: Final = 10
_PAUSE_AFTER_FAILURE: Final = 1
_USABLE_WITHOUT_ISSUER: Final = 60 * 60
_TIMEOUT: Final = 2
_UNREADABLE: Final = (HTTPException, OSError, *MALFORMED)


class IssuerAway(ConnectionError):  # noqa: N818 - named as the fact it states, like every refusal here.
    """The issuer's keys cannot be read now; the same request may succeed a moment later."""


class IssuerKeys:
    """The keys behind one JWKS path or URL: read when first needed, then every 5 minutes.

    An unknown key makes them be read again at once, but not within 10 seconds of the last reading, so that invented
    key ids cannot flood the issuer. While the issuer is away, keys up to an hour old go on being used.
    """

    def __init__(self, where: str, clock: Callable[[], float]) -> None:
        self._where = where
        self._clock = clock
        self._keys = KeySet([])
        self._read_at = self._failed_at = -math.inf
        self._reading = asyncio.Lock()

    async def find(self, kid: str | None, alg: str) -> Key:
        """The key of this id for this algorithm; without an id, the only key there is.

        Raises:
            InvalidKeyIdError: the issuer publishes no such key.
            IssuerAway: the keys could not be read, and none that are recent enough are at hand.
        """
        try:
            return (await self._known(_FRESH)).get_by_kid(kid, {"alg": alg, "use": "sig"})
        except InvalidKeyIdError:
            return (await self._known(_PAUSE_FOR_UNKNOWN_KEYS)).get_by_kid(kid, {"alg": alg, "use": "sig"})

    async def _known(self, younger_than: float) -> KeySet:
        async with self._reading:
            if (
                self._since(self._read_at) >= younger_than
                and self._since(self._failed_at) >= _PAUSE_AFTER_FAILURE
            ):
                await self._read()
            if self._since(self._read_at) >= _USABLE_WITHOUT_ISSUER:
                raise IssuerAway("The issuer's keys cannot be read at the moment.")
            return self._keys

    async def _read(self) -> None:
        try:
            self._keys = _key_set(await _text(self._where))
            self._read_at = self._clock()
        except _UNREADABLE:
            self._failed_at = self._clock()

    def _since(self, moment: float) -> float:
        return self._clock() - moment


async def _text(where: str) -> str:
    if not where.startswith(("http://", "https://")):
        return await asyncio.to_thread(Path(where).read_text, "utf-8")
    return await asyncio.to_thread(_answer_of, where)


def _answer_of(url: str) -> str:
    # Asked once in five minutes, for which no service needs to load a client of its own.
    with urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - only http and https come here.
        return str(answer.read().decode())


def _key_set(text: str) -> KeySet:
    return KeySet([key for jwk in json.loads(text)["keys"] if (key := _key(jwk))])


def _key(jwk: Any) -> Key | None:
    # RFC 7517 asks to pass over keys that one does not understand.
    try:
        return JWKRegistry.import_key(jwk)
    except MALFORMED:
        return None
