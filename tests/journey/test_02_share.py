"""Step 2: the item reaches the communities that care about its topics."""

from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_captured_item_is_shared(town: House, tale: Tale) -> None:
    await eventually(lambda: _shared(town, tale.item_id))

    assert (await town.get(f"/share/items/{tale.item_id}"))["topics"] == ["finance/invoicing"]


async def test_a_community_finds_what_is_shared_with_it_by_its_id_and_by_its_name(town: House) -> None:
    made = await town.post("yuki", "/share/communities", {"name": "Closing the books", "topics": ["finance"]})
    wish = {"kind": "trick", "title": "Close early", "body": "Ask for accruals first.", "topics": ["finance"]}
    item = await town.post("ines", "/discover/items", wish)
    await eventually(lambda: _shared(town, item["id"]))

    for name in (made["id"], made["name"]):
        found = await town.ask("ines", "GET", "/share/items", params={"community": name})
        assert [one["id"] for one in found.json()["items"]] == [item["id"]]
    nowhere = await town.ask("ines", "GET", "/share/items", params={"community": "nowhere"})
    assert nowhere.status_code == 404
    await town.ask("ines", "DELETE", f"/discover/items/{item['id']}")


async def _shared(town: House, item_id: str) -> bool:
    return "ItemShared" in await town.kinds_of_steps(item_id)
