"""Step 1: Ines captures a prompt that worked."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House

PROMPT = {
    "kind": "prompt",
    "title": "Match an invoice to its order",
    "body": "Compare this invoice with this order, line by line: ${invoice} ${order}",
    "topics": ["finance/invoicing"],
    "attribution": "pseudonymous",
    "variables": [{"name": "invoice"}, {"name": "order"}],
}


async def test_what_somebody_captures_is_kept_under_a_pseudonym(town: House, tale: Tale) -> None:
    item = await town.post("ines", "/discover/items", PROMPT)

    tale.item_id = item["id"]
    assert item["stage"] == "captured"
    assert "Ines" not in item["author"]["name"]


async def test_capturing_the_same_again_finds_the_item_that_exists(town: House, tale: Tale) -> None:
    again = await town.ask(
        "ines", "POST", "/discover/items", json=PROMPT | {"title": "The same, called otherwise"}
    )

    assert (again.status_code, again.json()["id"]) == (200, tale.item_id)


async def test_what_was_withdrawn_comes_back_only_as_it_was(town: House) -> None:
    wish = PROMPT | {"body": "List what this invoice lacks: ${invoice}", "attribution": "named"}
    item = await town.post("ines", "/discover/items", wish)
    await town.ask("ines", "DELETE", f"/discover/items/{item['id']}")

    hidden = await town.ask("ines", "POST", "/discover/items", json=wish | {"attribution": "anonymous"})
    again = await town.ask("ines", "POST", "/discover/items", json=wish)

    assert (hidden.status_code, again.status_code) == (409, 201)
    await town.ask("ines", "DELETE", f"/discover/items/{item['id']}")


async def test_what_was_withdrawn_is_read_by_its_author_only(town: House) -> None:
    item = await town.post("ines", "/discover/items", PROMPT | {"body": "Only for a moment: ${invoice}"})
    path = f"/discover/items/{item['id']}"
    await town.ask("ines", "DELETE", path)

    asked = [await town.ask(person, "GET", path) for person in ("ines", "viktor")]

    assert [one.status_code for one in asked] == [200, 410]
    assert item["id"] not in {one["id"] for one in await town.all_of("/discover/items")}


async def test_what_moves_no_longer_tells_the_title_of_what_was_withdrawn(town: House) -> None:
    item = await town.post("ines", "/discover/items", PROMPT | {"body": "Never mind: ${invoice}"})
    await town.ask("ines", "DELETE", f"/discover/items/{item['id']}")

    async def titles() -> list[str]:
        moved = (await town.get("/discover/circulation", "viktor"))["recent"]
        steps = [step for step in moved if step["item_id"] == item["id"]]
        assert "ItemWithdrawn" in {step["type"] for step in steps}
        return [step["title"] for step in steps]

    assert not any(await eventually(titles))


async def test_a_secret_stops_the_capture_before_anything_is_stored(town: House) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    refused = await town.ask(
        "ines", "POST", "/discover/items", json=PROMPT | {"body": f"Use {secret} for it"}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/body"
    assert secret not in refused.text
