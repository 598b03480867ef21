"""Where the command keeps who is signed in: one token for each server, readable by its owner only."""

import base64
import binascii
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote


def folder() -> Path:
    """The directory of the command's own files: `knowhow` below XDG_CONFIG_HOME or `~/.config`."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "knowhow"


def token_of(server: str) -> str | None:
    """The token for this server, or None where nobody is signed in."""
    try:
        return _file(server).read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def keep(server: str, token: str) -> Path:
    """Keep a token for this server in place of an earlier one.

    Raises:
        OSError: the directory cannot be written to.
    """
    path = _file(server)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, token)
    return path


def forget(server: str) -> None:
    """Forget the token for this server; there need not be one."""
    _file(server).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at no moment half written.

    Raises:
        OSError: the directory cannot be written to.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def claims(token: str) -> dict[str, Any]:
    """What a token says about its owner, unverified: only servers verify; empty where it cannot be read."""
    try:
        payload = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return said if isinstance(said, dict) else {}


def _file(server: str) -> Path:
    return folder() / f"{quote(server, safe='')}.token"
