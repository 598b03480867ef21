"""`python -m deploy.health`: whether what runs in this container can do its work; exit code 0 or 1."""

import sys
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException
from typing import Final

PORT: Final = 8000
PATHS: Final = ("/discover/ready", "/share/ready", "/codify/ready", "/spread/ready", "/identity/people")
"""A process answers to one of these, the one of the service that it is."""

_PATIENCE: Final = 4.0
_OK, _NOT_HERE = 200, 404


def why_not(port: int = PORT, paths: Iterable[str] = PATHS) -> str:
    """Why it is not healthy, as it says itself, or nothing."""
    try:
        for path in paths:
            status, said = _ask(port, path)
            if status != _NOT_HERE:
                return "" if status == _OK else said
    except (OSError, HTTPException) as error:
        return f"It does not answer: {error}"
    return "Something else answers."


def _ask(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def main() -> None:
    """Say why not, for `docker inspect`, and end with the exit code."""
    if why := why_not():
        sys.exit(why)


if __name__ == "__main__":
    main()
