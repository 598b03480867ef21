"""`make env` makes secrets once, other ones for every house."""

import json
import re
from pathlib import Path

import pytest

from deploy.env import made, main, write
from shared.identity.signatures import public_half

COMPOSE = Path("docker-compose.yml").read_text("utf-8")


def test_everything_that_compose_asks_for_is_made() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE))

    assert asked
    assert asked <= set(made())


def test_no_password_is_made_that_compose_does_not_use() -> None:
    assert {name for name in made() if f"${{{name}" not in COMPOSE} == {"COMPOSE_PROFILES"}


def test_no_two_houses_and_no_two_users_share_a_password() -> None:
    passwords = [
        value
        for house in (made(), made())
        for name, value in house.items()
        if "PASSWORD" in name or "KEY" in name
    ]

    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 48 for password in passwords)


def test_the_gateway_s_key_can_sign() -> None:
    assert public_half(made()["KNOWHOW_GATEWAY_KEY"])["kid"] == "codify-gateway"


def test_trials_may_sign_in_unless_an_issuer_is_named() -> None:
    assert made()["COMPOSE_PROFILES"] == "trial"

    own = made("https://id.example", "https://id.example/keys")

    assert "COMPOSE_PROFILES" not in own
    assert (own["KNOWHOW_ISSUER"], own["KNOWHOW_JWKS"]) == ("https://id.example", "https://id.example/keys")


def test_an_issuer_without_its_keys_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--issuer", "https://id.example"])

    assert "--issuer and --jwks are needed together" in capsys.readouterr().err


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    write(tmp_path / ".env", {"NAME": '{"a": "b"}'})

    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert (tmp_path / ".env").read_text().splitlines()[-1] == """NAME='{"a": "b"}'"""


def test_what_is_there_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("mine")

    with pytest.raises(SystemExit, match="stays as it is"):
        main([])

    assert Path(".env").read_text() == "mine"


def test_it_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    main([])

    assert "docker compose up" in capsys.readouterr().out
    settings = dict(line.split("=", 1) for line in Path(".env").read_text().splitlines() if "=" in line)
    assert json.loads(settings["KNOWHOW_GATEWAY_KEY"].strip("'"))["crv"] == "Ed25519"
