"""What a person can ask of the launcher, on the command line or in the environment."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Where to listen, where the data is, whether the sample moves in, and the servers that are there already."""

    host: str
    port: int
    data: Path
    sample: bool
    environment: Mapping[str, str] = field(repr=False)

    @property
    def given_servers(self) -> dict[str, str]:
        """The addresses of servers that are to be used instead of embedded ones."""
        named = {name: f"KNOWHOW_{name.upper()}" for name in ("kafka", "mongodb", "opensearch")}
        return {
            name: self.environment[variable]
            for name, variable in named.items()
            if self.environment.get(variable)
        }

    @property
    def is_beyond_this_machine(self) -> bool:
        """True where others on the network can come in."""
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"


def read_options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    """The options; a wrong one ends the process with a sentence and code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local", description="Run everything on this machine."
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: only this machine)")
    parser.add_argument("--port", default=environment.get("PORT", "8080"), type=_port, help="default: 8080")
    parser.add_argument("--data", default=".knowhow", type=Path, help="where the data is (default: .knowhow)")
    asked = parser.parse_args(arguments)
    sample = environment.get("SAMPLE", "").lower() not in ("no", "0", "false")
    return Options(asked.host, asked.port, asked.data.resolve(), sample, environment)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the last port there is.
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535, and 0 means any that is free")
    return int(text)
