"""Curators, their topics and their keys."""

import json
import stat
from pathlib import Path

import pytest

from shared.identity.signatures import new_key, public_half
from tests.support.stand_in import StandIn
from tests.unit.cli.conftest import Shell

SET = "PUT /codify/curators/noor"
NOOR = {"person": "noor", "name": "Noor", "topics": ["data"], "keys": []}


def test_a_new_key_is_private_and_its_public_half_is_shown(knowhow: Shell, home: Path) -> None:
    (shown,) = knowhow.lines("keys", "new", "key.jwk")

    private = json.loads((home / "key.jwk").read_text("utf-8"))
    assert stat.S_IMODE((home / "key.jwk").stat().st_mode) == 0o600
    assert shown["kid"].startswith("own:ada:")
    assert shown == public_half(json.dumps(private))
    assert "d" in private
    assert "d" not in shown


def test_a_key_is_never_overwritten(knowhow: Shell, home: Path) -> None:
    (home / "key.jwk").write_text("precious", "utf-8")

    assert knowhow("keys", "new", "key.jwk").exit_code == 1
    assert (home / "key.jwk").read_text("utf-8") == "precious"


def test_of_a_key_only_the_public_half_is_sent(knowhow: Shell, house: StandIn, home: Path) -> None:
    (home / "key.jwk").write_text(new_key("own:noor:1"), "utf-8")
    house.says(SET, NOOR)

    done = knowhow("curators", "set", "noor", "--name", "Noor", "--topic", "data", "--key", "key.jwk")

    assert done.exit_code == 0
    assert house.wish["topics"] == ["data"]
    assert [key["kid"] for key in house.wish["keys"]] == ["own:noor:1"]
    assert "d" not in house.wish["keys"][0]


def test_the_say_over_everything_must_be_said(knowhow: Shell, house: StandIn) -> None:
    house.says(SET, NOOR)

    assert knowhow("curators", "set", "noor").exit_code == 2
    assert knowhow("curators", "set", "noor", "--all-topics").exit_code == 0
    assert house.wish["topics"] == [""]


@pytest.mark.parametrize("content", ["", "{}", "not a key"])
def test_a_file_without_a_key_is_refused(knowhow: Shell, home: Path, content: str) -> None:
    (home / "key.jwk").write_text(content, "utf-8")

    assert knowhow("curators", "set", "noor", "--all-topics", "--key", "key.jwk").exit_code == 1


def test_curators_are_listed_and_removed(knowhow: Shell, house: StandIn) -> None:
    house.says("GET /codify/curators", {"items": [NOOR], "next": None})
    house.says("DELETE /codify/curators/noor", status=204)

    assert knowhow.lines("curators", "list") == [NOOR]
    assert knowhow.lines("curators", "remove", "noor") == [{"person": "noor"}]
