"""The house as a command reaches it: over HTTP, as whoever is signed in there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from shared.cli import show
from shared.cli.answers import checked, no_answer
from shared.cli.signed_in import claims, token_of
from shared.cli.stop import NotSignedIn, Usage

TIMEOUT = 30.0
PAGE = 200
SERVICES = ("discover", "share", "codify", "spread")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def at(*parts: str) -> str:
    """The path with these parts, each of which may hold any character."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


@dataclass(frozen=True)
class House:
    """One server; every method raises Refused, NotSignedIn or Away where it does not do what is asked."""

    server: str
    as_json: bool = False

    def get(self, path: str, **query: Any) -> Any:
        """What is there; a query of None is not sent."""
        return self.ask("GET", path, params=given(query))

    def post(self, path: str, body: Any = None) -> Any:
        """Do something."""
        return self.ask("POST", path, json=body)

    def make(self, path: str, body: Any, key: str) -> tuple[Any, bool]:
        """Make something under an Idempotency-Key; what it is, and False where the same was there before."""
        answer = self._answer("POST", path, json=body, headers={"Idempotency-Key": key})
        return checked(answer), answer.status_code == httpx.codes.CREATED

    def put(self, path: str, body: Any = None) -> Any:
        """Make it so; it may be so already."""
        return self.ask("PUT", path, json=body)

    def read(self, path: str) -> tuple[Any, str]:
        """What is there, and the ETag that names what was read."""
        answer = self._answer("GET", path)
        return checked(answer), answer.headers.get("ETag", "")

    def patch(self, path: str, body: Any, etag: str) -> Any:
        """Change what was read under this ETag; refused where it is another by now."""
        return self.ask("PATCH", path, json=body, headers={"If-Match": etag})

    def delete(self, path: str) -> None:
        """Take something away."""
        self.ask("DELETE", path)

    def ask(self, method: str, path: str, **rest: Any) -> Any:
        """The answer to one request, as JSON."""
        return checked(self._answer(method, path, **rest))

    def pages(self, path: str, limit: int = 0, **query: Any) -> Iterator[Any]:
        """Everything in a list, over all its pages, or the first `limit`; tells people when there is more."""
        cursor, left = None, limit
        while True:
            wanted = min(left, PAGE) if limit else PAGE
            page = self.get(path, limit=wanted, cursor=cursor, **query)
            yield from page["items"]
            cursor, left = page.get("next"), left - len(page["items"])
            if cursor is None or (limit and left <= 0):
                break
        if cursor:
            show.note("There is more; --limit 0 shows all.")

    def options(self) -> dict[str, Any]:
        """How an httpx client reaches the house."""
        address = self._address()
        token = token_of(self.server)
        return {
            "base_url": address,
            "headers": {"Authorization": f"Bearer {token}"} if token else {},
            "timeout": TIMEOUT,
            # A server on this machine is never behind a proxy, whatever the environment says.
            "trust_env": address.host not in _LOOPBACK,
        }

    def person(self) -> dict[str, Any]:
        """Who is signed in, as the token says.

        Raises:
            NotSignedIn: nobody is.
        """
        token = token_of(self.server)
        if token is None:
            raise NotSignedIn(f"Nobody is signed in at {self.server}; do so with `knowhow sign-in PERSON`.")
        return claims(token)

    def person_id(self) -> str:
        """The id of who is signed in.

        Raises:
            NotSignedIn: nobody is, or the token does not say who.
        """
        found = self.person().get("sub")
        if not found:
            raise NotSignedIn("The token does not say whose it is; sign in again.")
        return str(found)

    def _answer(self, method: str, path: str, **rest: Any) -> httpx.Response:
        try:
            with httpx.Client(**self.options()) as client:
                return client.request(method, path, **rest)
        except httpx.TransportError as error:
            raise no_answer(self.server, error) from error

    def _address(self) -> httpx.URL:
        try:
            address = httpx.URL(self.server)
        except httpx.InvalidURL as error:
            raise Usage(f"{self.server} is no address ({error}); write http://HOST:PORT.") from error
        if address.scheme not in {"http", "https"} or not address.host:
            raise Usage(f"{self.server} is no address; write http://HOST:PORT.")
        return address


def given(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that have a value: None and empty lists say nothing."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
