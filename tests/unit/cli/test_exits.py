"""Scripts can rely on how a command ends, and people on being told why."""

import json
import socket
from pathlib import Path

import pytest
import typer
from fastapi.responses import PlainTextResponse
from typer.testing import CliRunner

from shared.cli.main import GROUPS, PANELS, app
from tests.support.stand_in import StandIn
from tests.unit.cli.conftest import Shell

COMMANDS = [
    *((name,) for commands in PANELS.values() for name in commands),
    *((group, name) for group, (_, _, commands) in GROUPS.items() for name in commands),
]
ITEM = "GET /discover/items/one"


@pytest.fixture
def nobody_listens() -> Shell:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return Shell(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
def test_every_command_explains_itself_and_can_answer_programs(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})

    assert done.exit_code == 0
    assert "--json" in done.stdout
    assert "--server" in done.stdout


def test_the_help_documents_the_exit_codes() -> None:
    assert "Exit codes: 0 done; 1 refused by the rules" in CliRunner().invoke(app, ["--help"]).stdout


def test_a_refusal_ends_with_1_and_names_each_place(knowhow: Shell, house: StandIn) -> None:
    house.refuses(ITEM, 422, "Correct the fields.", [{"pointer": "/title", "detail": "Too long."}])

    done = knowhow("item", "one")

    assert done.exit_code == 1
    assert "No: Correct the fields." in done.stderr
    assert "/title  Too long." in done.stderr
    assert not done.stdout


def test_programs_read_a_refusal_as_json(knowhow: Shell, house: StandIn) -> None:
    house.refuses(ITEM, 403, "Your roles do not include this.")

    told = json.loads(knowhow("item", "one", "--json").stderr)

    assert (told["status"], told["detail"]) == (403, "Your roles do not include this.")


def test_wrong_usage_ends_with_2(knowhow: Shell) -> None:
    assert knowhow("item").exit_code == 2
    assert knowhow("no-such-command").exit_code == 2
    assert knowhow("items", "--kind", "poem").exit_code == 2


@pytest.mark.parametrize("server", ["localhost:8080", "ftp://house.example", "http://", "nonsense"])
def test_an_address_that_is_none_ends_with_2(server: str) -> None:
    assert Shell(server)("items").exit_code == 2


def test_not_being_signed_in_ends_with_3(stranger: Shell, house: StandIn) -> None:
    house.refuses(ITEM, 401, "Who is asking?")

    done = stranger("item", "one")

    assert done.exit_code == 3
    assert "Who is asking? Sign in with `knowhow sign-in PERSON`." in done.stderr


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_ends_with_4(knowhow: Shell, house: StandIn, status: int) -> None:
    house.refuses(ITEM, status, "Come again.")

    assert knowhow("item", "one").exit_code == 4


def test_no_server_ends_with_4(nobody_listens: Shell) -> None:
    done = nobody_listens("items")

    assert done.exit_code == 4
    assert "does not answer" in done.stderr


def test_an_import_does_not_wait_for_a_server_that_was_never_there(nobody_listens: Shell, home: Path) -> None:
    (home / "one.csv").write_text("act,prompt\nA,b\n", "utf-8")

    assert nobody_listens("import", "one.csv").exit_code == 4


def test_another_server_is_told_apart_from_ours(knowhow: Shell, house: StandIn) -> None:
    house.answers[ITEM] = PlainTextResponse("<h1>Hello</h1>")

    done = knowhow("item", "one")

    assert done.exit_code == 4
    assert "not as a know-how server does" in done.stderr


def test_the_server_may_be_named_by_the_environment(house: StandIn) -> None:
    house.says("GET /share/communities", {"items": [], "next": None})

    done = CliRunner().invoke(app, ["communities", "list"], env={"KNOWHOW_SERVER": f"{house.url}/"})

    assert done.exit_code == 0


def test_shell_completion_is_there() -> None:
    assert isinstance(app, typer.Typer)
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).stdout
