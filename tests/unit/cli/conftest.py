"""A command line in a home of its own, and a house for it to ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from shared.cli.main import app
from shared.cli.signed_in import keep
from tests.support.stand_in import StandIn, stand_in, token


@dataclass
class Shell:
    """Runs `knowhow` against one house."""

    server: str
    runner: CliRunner = field(default_factory=CliRunner)

    def __call__(self, *args: str, typed: str | None = None) -> Result:
        """What came of a command."""
        return self.runner.invoke(app, [*args, "--server", self.server], input=typed, catch_exceptions=False)

    def lines(self, *args: str) -> list[Any]:
        """The JSON documents that a command answers with."""
        return [json.loads(line) for line in self(*args, "--json").stdout.splitlines()]


@pytest.fixture(scope="session")
def building() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture
def house(building: StandIn) -> StandIn:
    building.forget()
    return building


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stranger(house: StandIn) -> Shell:
    return Shell(house.url)


@pytest.fixture
def knowhow(stranger: Shell) -> Shell:
    keep(stranger.server, token("ada"))
    return stranger


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
