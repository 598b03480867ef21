"""Commands about a curator's own signing key."""

import json
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import House
from shared.cli.options import NewFile
from shared.cli.signed_in import write_private
from shared.cli.stop import Refused
from shared.identity.signatures import BadSignature, new_key, public_half

For = Annotated[str | None, typer.Option("--for", help="Whose key it is to be; yours where you do not say.")]


def new(house: House, file: NewFile, person: For = None) -> None:
    """Make a signing key, keep it in FILE for you alone, and print its public half to be registered.

    An administrator registers it: `knowhow curators set PERSON --key PUBLIC-FILE …`.
    """
    if file.exists():
        raise Refused(f"{file} exists, and a key that is overwritten is lost; name another file.", "Exists")
    # Codify accepts as a person's own only a key that is named after them.
    key = new_key(f"own:{person or house.person_id()}:{secrets.token_hex(6)}")
    try:
        write_private(file, key)
    except OSError as error:
        raise Refused(f"The key cannot be written to {file}: {error.strerror}.") from error
    show.document(public_half(key))


def read_key(file: Path) -> str:
    """The private key in a file.

    Raises:
        Refused: the file cannot be read or holds no private Ed25519 key.
    """
    key = json.dumps(_read(file))
    if public_half(key) == json.loads(key):
        raise Refused(f"{file} holds only the public half of the key; sign with the private one.")
    return key


def read_public(file: Path) -> dict[str, Any]:
    """The public half of the key in a file, whether that is public or private.

    Raises:
        Refused: the file cannot be read or holds no Ed25519 key.
    """
    return public_half(json.dumps(_read(file)))


def _read(file: Path) -> dict[str, Any]:
    try:
        key = file.read_text("utf-8")
        public_half(key)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    except BadSignature as error:
        raise Refused(f"{file} holds no key that decisions are signed with: {error}") from error
    return dict(json.loads(key))
