"""Commands that say who one is."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import show, signed_in
from shared.cli.house import House, at
from shared.cli.stop import NotSignedIn, Refused, Usage

Person = Annotated[str | None, typer.Argument(help="Whom to sign in as, where the house has its own issuer.")]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", allow_dash=True, help="A token from your issuer; - for standard input."),
]


def sign_in(house: House, person: Person = None, token_file: TokenFile = None) -> None:
    """Sign in, with the house's own issuer or with a token from yours; the token is kept for this server."""
    if (person is None) == (token_file is None):
        raise Usage("Name a person or a --token-file, one of the two.")
    token = _read(token_file) if token_file else _issued(house, str(person))
    try:
        signed_in.keep(house.server, token)
    except OSError as error:
        raise Refused(f"The token cannot be kept in {signed_in.folder()}: {error.strerror}.") from error
    whoami(house)


def sign_out(house: House) -> None:
    """Forget the token for this server; it stays valid until it expires."""
    signed_in.forget(house.server)
    show.answer({"server": house.server}, f"Signed out at {house.server}.", as_json=house.as_json)


def whoami(house: House) -> None:
    """Who is signed in at this server, as the token says, and until when."""
    person = _described(house)
    expires = house.person().get("exp")
    if isinstance(expires, int | float) and expires <= datetime.now(UTC).timestamp():
        raise NotSignedIn(f"The sign-in at {house.server} has expired; do it again with `knowhow sign-in`.")
    if house.as_json:
        show.document(person)
    else:
        show.details(person)


def _described(house: House) -> dict[str, Any]:
    said = house.person()
    until = said.get("exp")
    return {
        "id": house.person_id(),
        "name": said.get("name"),
        "department": said.get("department"),
        "roles": said.get("roles") or [],
        "server": house.server,
        "until": datetime.fromtimestamp(until, UTC).isoformat() if isinstance(until, int | float) else None,
    }


def _issued(house: House, person: str) -> str:
    return str(house.post(at("identity", "tokens"), {"person": person})["access_token"])


def _read(path: Path) -> str:
    try:
        token = (sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if not signed_in.claims(token):
        raise Refused(f"{path} holds no token: it must be a JWT in its compact form.")
    return token
