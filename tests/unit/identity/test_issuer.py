"""Signing in on one machine."""

import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared.identity.issuer import create_issuer, ensure_issuer_key, load_people
from shared.identity.people import Person, Role
from shared.identity.tokens import Tokens
from tests.support.identity import trusting

ADA = Person(id="ada", name="Ada", department="finance", roles=frozenset({Role.MEMBER, Role.CURATOR}))
BEN = Person(id="ben", name="Ben", department="sales", roles=frozenset({Role.MEMBER}))


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(create_issuer(tmp_path, [ADA, BEN], "https://id.example", "knowhow"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        yield client


async def test_everyone_who_can_sign_in_is_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/identity/people")).json()["items"]

    assert [Person.model_validate(person) for person in listed] == [ADA, BEN]


async def test_a_token_of_the_issuer_names_its_person(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await client.post("/identity/tokens", json={"person": "ada"})

    tokens = Tokens(trusting(str(tmp_path / "jwks.json")))
    assert await tokens.person(answer.json()["access_token"]) == ADA


async def test_a_token_lasts_twelve_hours_and_is_kept_by_no_cache(client: httpx.AsyncClient) -> None:
    answer = await client.post("/identity/tokens", json={"person": "ada"})

    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 43_200)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("wish", "status"), [({"person": "eve"}, 404), ({}, 422), ({"person": 7}, 422)])
async def test_nobody_signs_in_as_nobody(client: httpx.AsyncClient, wish: object, status: int) -> None:
    assert (await client.post("/identity/tokens", json=wish)).status_code == status


async def test_a_wish_for_other_roles_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/identity/tokens", json={"person": "ben", "roles": ["administrator"]})

    assert answer.status_code == 422


async def test_the_published_keys_are_those_in_the_file(client: httpx.AsyncClient, tmp_path: Path) -> None:
    published = (await client.get("/identity/jwks.json")).json()

    assert published == json.loads((tmp_path / "jwks.json").read_text())
    assert "d" not in published["keys"][0]


def test_the_key_is_made_once(tmp_path: Path) -> None:
    assert ensure_issuer_key(tmp_path / "new") == ensure_issuer_key(tmp_path / "new")


def test_a_lost_key_is_replaced_under_another_name(tmp_path: Path) -> None:
    before = json.loads(ensure_issuer_key(tmp_path))

    (tmp_path / "issuer.jwk").unlink()

    assert json.loads(ensure_issuer_key(tmp_path))["kid"] != before["kid"]


def test_nobody_else_on_the_machine_reads_the_key(tmp_path: Path) -> None:
    ensure_issuer_key(tmp_path)

    assert stat.S_IMODE((tmp_path / "issuer.jwk").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"issuer.jwk", "jwks.json"}


@pytest.mark.parametrize("text", ["", "{}", "not a key"])
def test_a_damaged_key_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "issuer.jwk").write_text(text)

    with pytest.raises(ValueError, match=r"issuer\.jwk is damaged; remove it"):
        ensure_issuer_key(tmp_path)


def test_people_are_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "people.json").write_text(f"[{ADA.model_dump_json()}, {BEN.model_dump_json()}]")

    assert load_people(tmp_path) == (ADA, BEN)


@pytest.mark.parametrize("text", [None, "", "{}", '[{"id": "ada"}]'])
def test_a_wrong_list_of_people_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "people.json").write_text(text)

    with pytest.raises(ValueError, match=r"people\.json"):
        load_people(tmp_path)
