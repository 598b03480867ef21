"""Step 3: colleagues vouch for the item; its author's own word does not count."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_an_author_may_not_endorse_their_own_item_even_under_a_pseudonym(
    town: House, tale: Tale
) -> None:
    refused = await town.ask("ines", "POST", f"/share/items/{tale.item_id}/endorsements", json={})

    assert refused.status_code == 403


async def test_one_colleague_alone_does_not_nominate_an_item(town: House, tale: Tale) -> None:
    for _ in range(3):
        await town.post(
            "viktor", f"/share/items/{tale.item_id}/endorsements", {"comment": "Saved me an hour."}
        )

    await eventually(lambda: _endorsed(town, tale.item_id))
    assert "ItemNominated" not in await town.kinds_of_steps(tale.item_id)
    assert (await town.kinds_of_steps(tale.item_id)).count("ItemEndorsed") == 1


async def test_who_vouched_and_what_they_said_is_read_by_those_who_are_signed_in(town: House) -> None:
    public = await town.client.get("/discover/circulation")
    inside = await town.ask("ines", "GET", "/discover/circulation")

    assert "Saved me an hour." in inside.text
    assert "Viktor" in inside.text
    assert "Item endorsed." in public.text
    assert not any(word in public.text for word in ("Saved me an hour.", "Viktor", "Match an invoice"))


async def test_everything_is_still_there_after_a_crash(town: House, tale: Tale) -> None:
    before = await town.kinds_of_steps(tale.item_id)

    await town.crash()
    await town.start()

    assert await town.kinds_of_steps(tale.item_id) == before


async def _endorsed(town: House, item_id: str) -> bool:
    return "ItemEndorsed" in await town.kinds_of_steps(item_id)
