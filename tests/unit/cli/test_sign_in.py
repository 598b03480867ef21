"""Who is signed in is kept for each server, for the person's own eyes."""

import stat
from pathlib import Path

import pytest

from shared.cli.signed_in import folder, keep, token_of
from tests.support.stand_in import StandIn, token
from tests.unit.cli.conftest import Shell


@pytest.fixture
def issuer(house: StandIn) -> StandIn:
    house.says(
        "POST /identity/tokens", {"access_token": token("ada"), "token_type": "Bearer", "expires_in": 60}
    )
    return house


def test_signing_in_keeps_a_token_that_only_its_owner_can_read(stranger: Shell, issuer: StandIn) -> None:
    done = stranger("sign-in", "ada")

    (file,) = folder().iterdir()
    assert done.exit_code == 0
    assert issuer.wish == {"person": "ada"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert token_of(issuer.url) == token("ada")


def test_what_is_asked_after_signing_in_carries_the_token(stranger: Shell, issuer: StandIn) -> None:
    issuer.says("GET /share/communities", {"items": [], "next": None})

    stranger("sign-in", "ada")
    stranger("communities", "list")

    assert issuer.asked[-1].headers["authorization"] == f"Bearer {token('ada')}"


def test_a_token_goes_to_no_other_server(stranger: Shell, house: StandIn) -> None:
    keep("http://elsewhere.example", token("ada"))
    house.says("GET /share/communities", {"items": [], "next": None})

    stranger("communities", "list")

    assert "authorization" not in house.asked[-1].headers


def test_whoami_tells_what_the_token_says(knowhow: Shell) -> None:
    (told,) = knowhow.lines("whoami")

    assert (told["id"], told["department"], told["roles"]) == ("ada", "finance", ["member"])


def test_whoami_without_a_token_is_not_signed_in(stranger: Shell) -> None:
    done = stranger("whoami")

    assert done.exit_code == 3
    assert "knowhow sign-in PERSON" in done.stderr


def test_an_expired_token_is_not_signed_in(stranger: Shell) -> None:
    keep(stranger.server, token("ada", exp=1))

    assert stranger("whoami").exit_code == 3


def test_a_token_of_another_issuer_comes_from_a_file(stranger: Shell, home: Path) -> None:
    (home / "token").write_text(token("bo") + "\n", "utf-8")

    assert stranger("sign-in", "--token-file", "token").exit_code == 0
    assert token_of(stranger.server) == token("bo")


def test_a_token_may_come_from_standard_input(stranger: Shell) -> None:
    assert stranger("sign-in", "--token-file", "-", typed=token("bo")).exit_code == 0


@pytest.mark.parametrize("content", [b"no token", b"\xff\xfe"])
def test_a_file_without_a_token_is_refused(stranger: Shell, home: Path, content: bytes) -> None:
    (home / "token").write_bytes(content)

    assert stranger("sign-in", "--token-file", "token").exit_code == 1
    assert token_of(stranger.server) is None


def test_one_says_either_a_person_or_a_token(stranger: Shell) -> None:
    assert stranger("sign-in").exit_code == 2


def test_nobody_of_that_name_is_a_refusal(stranger: Shell, house: StandIn) -> None:
    house.refuses("POST /identity/tokens", 404, "Nobody here has this id.")

    done = stranger("sign-in", "eve")

    assert done.exit_code == 1
    assert "Nobody here has this id." in done.stderr


def test_signing_out_forgets_the_token(knowhow: Shell) -> None:
    assert knowhow("sign-out").exit_code == 0
    assert knowhow("sign-out").exit_code == 0
    assert knowhow("whoami").exit_code == 3


def test_tokens_are_kept_below_the_home_directory_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")

    assert folder() == Path("/home/ada/.config/knowhow")
