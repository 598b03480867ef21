"""An operator discards a dead letter over HTTP: it troubles nobody any more, and is kept."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.contracts.codify import DecideReview
from shared.identity.policy import SERVICES
from tests.support.eventually import eventually
from tests.support.house import House
from tests.support.topics import announced, put

LETTERS = "/codify/dead-letters"
KEY = "AKIA" + "IOSFODNN7EXAMPLE"
WISH = {"reason": "The signer knows; the key is not theirs."}


@pytest.fixture
async def letter(house: House) -> str:
    """The id of a decision that nobody signed."""
    item = uuid4().hex
    forged = DecideReview(item_id=item, jws="bm8.c2lnbmF0dXJl.Kofi")
    await put(house.kafka, f"{house.prefix}{DecideReview.topic}", [announced(forged, "codify")])
    return await eventually(lambda: _parked(house, item), within=20)


async def test_a_refused_decision_is_discarded_and_kept(house: House, letter: str) -> None:
    before = await house.get("/codify/status", "admin")

    answers = [await _discard(house, letter, wish) for wish in (WISH, {"reason": "Once more."})]

    after = await house.get("/codify/status", "admin")
    kept = await house.get(f"{LETTERS}/{letter}", "admin")
    assert [answer.status_code for answer in answers] == [204, 204]
    assert letter not in {one["id"] for one in await house.all_of(LETTERS, "admin")}
    assert after["dead_letters"] == before["dead_letters"] - 1
    assert (kept["discarded"]["by"], kept["discarded"]["reason"]) == ("admin", WISH["reason"])
    assert kept["discarded"]["at"] > kept["parked_at"]


async def test_a_discarded_decision_can_still_be_replayed_and_is_refused_again(
    house: House, letter: str
) -> None:
    await _discard(house, letter, WISH)

    answer = await house.ask("admin", "POST", f"{LETTERS}/{letter}/replay")

    kept = await house.get(f"{LETTERS}/{letter}", "admin")
    assert (answer.status_code, kept["heard_at"]) == (409, None)
    assert kept["discarded"]["reason"] == WISH["reason"]


@pytest.mark.parametrize(
    "wish",
    [{}, {"reason": " "}, {"reason": "x" * 4001}, {"reason": KEY}, {**WISH, "by": "ines"}],
)
async def test_a_reason_that_cannot_be_leaves_the_letter_on_the_list(
    house: House, letter: str, wish: dict[str, Any]
) -> None:
    answer = await _discard(house, letter, wish)

    assert answer.status_code == 422
    assert letter in {one["id"] for one in await house.all_of(LETTERS, "admin")}
    await _discard(house, letter, WISH)


@pytest.mark.parametrize("service", SERVICES)
async def test_there_is_no_discarding_what_a_service_never_parked(house: House, service: str) -> None:
    answer = await house.ask("admin", "POST", f"/{service}/dead-letters/none/discard", json=WISH)

    assert answer.status_code == 404
    assert "`knowhow dead-letters list` shows them." in answer.json()["detail"]


async def _discard(house: House, letter: str, wish: dict[str, Any]) -> httpx.Response:
    return await house.ask("admin", "POST", f"{LETTERS}/{letter}/discard", json=wish)


async def _parked(house: House, item: str) -> str:
    for one in await house.all_of(LETTERS, "admin"):
        if item in (await house.get(f"{LETTERS}/{one['id']}", "admin"))["value"]:
            return str(one["id"])
    return ""
