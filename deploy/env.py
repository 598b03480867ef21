"""`make env`: writes the secrets of a house on `docker compose` into `.env`, once."""

import argparse
import base64
import os
import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from shared.identity.policy import SERVICES
from shared.identity.signatures import new_key

_TRIAL: Final = {
    "COMPOSE_PROFILES": "trial",
    "KNOWHOW_ISSUER": "knowhow-trial",
    "KNOWHOW_JWKS": "http://identity:8000/identity/jwks.json",
}
_ABOUT: Final = """\
# The secrets of this house, made by `make env`. Keep a copy where the backups are: data is of no use without them.
# What each is for, and what else can be set here: docs/production.md.
"""


def made(issuer: str | None = None, jwks: str | None = None) -> dict[str, str]:
    """Fresh secrets, other ones at every call; without an issuer, of a house in which trials can sign in."""
    signing_in = {"KNOWHOW_ISSUER": issuer, "KNOWHOW_JWKS": jwks} if issuer and jwks else _TRIAL
    # 16 bytes, as Kafka wants them, that never begin with a hyphen in Base64.
    cluster = base64.urlsafe_b64encode(b"knowhow" + secrets.token_bytes(9)).decode().rstrip("=")
    return {
        **signing_in,
        "KNOWHOW_AUTHOR_KEY": secrets.token_hex(32),
        "KNOWHOW_GATEWAY_KEY": new_key(kid="codify-gateway"),
        "KAFKA_CLUSTER_ID": cluster,
        **_passwords("KAFKA", SERVICES),
        "MONGODB_KEY": secrets.token_hex(32),
        **_passwords("MONGODB", ("root", *SERVICES)),
        "GRAFANA_PASSWORD": secrets.token_hex(24),
    }


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Write them down for the owner's eyes only.

    Raises:
        FileExistsError: there is such a file; it stays as it is.
    """
    lines = "".join(f"{name}='{value}'\n" for name, value in settings.items())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_ABOUT + lines)


def _passwords(server: str, users: Iterable[str]) -> dict[str, str]:
    # Hexadecimal, so that none of them has to be quoted in a URL.
    return {f"{server}_PASSWORD_{user.upper()}": secrets.token_hex(24) for user in users}


def main(arguments: Sequence[str]) -> None:
    """Write `.env` in the folder where this is run, unless there is one."""
    parser = argparse.ArgumentParser(prog="python -m deploy.env", description="Make the secrets.")
    parser.add_argument(
        "--issuer", help="the issuer (iss) of your people's tokens; without: sign-in for trials"
    )
    parser.add_argument("--jwks", help="the URL of the issuer's public keys")
    asked = parser.parse_args(arguments)
    if bool(asked.issuer) != bool(asked.jwks):
        parser.error("--issuer and --jwks are needed together")
    try:
        write(Path(".env"), made(asked.issuer, asked.jwks))
    except FileExistsError:
        sys.exit(".env is there already and stays as it is; move it away if you really want other secrets.")
    sys.stdout.write("The secrets are in .env; next: docker compose up -d --wait\n")


if __name__ == "__main__":
    main(sys.argv[1:])
