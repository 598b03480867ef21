"""Which ports the embedded servers listen on, the same ones at every start as long as nobody else takes them."""

import secrets
import socket
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

LOOPBACK: Final = "127.0.0.1"
# Systems take the ports of outgoing connections from above these, so that no client can sit on a server's port
# while the server is being restarted.
_RANGE: Final = range(20_000, 30_000)
_REMEMBERED: Final = TypeAdapter(dict[str, Annotated[int, Field(ge=1024, le=65535)]])


def choose_ports(names: Iterable[str], remembered_in: Path) -> dict[str, int]:
    """A free loopback port for each name: the one that it had before, unless that is taken now.

    Raises:
        OSError: the choice cannot be written down.
    """
    before = _read(remembered_in)
    chosen: dict[str, int] = {}
    for name in names:
        candidates = chain((before[name],) if name in before else (), iter(_any_port, None))
        chosen[name] = next(port for port in candidates if port not in chosen.values() and _is_free(port))
    remembered_in.write_bytes(_REMEMBERED.dump_json(before | chosen))
    return chosen


def _any_port() -> int:
    return secrets.choice(_RANGE)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Without this, connections that ended a moment ago would make the port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _read(path: Path) -> dict[str, int]:
    try:
        return _REMEMBERED.validate_json(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
