"""Step 9: the next version reaches the departments that follow its topics, once, and says why."""

from typing import Any

from tests.journey.conftest import Tale
from tests.journey.test_06_decide import decide
from tests.support.eventually import eventually
from tests.support.house import House


async def test_a_department_that_follows_the_topic_gets_the_next_version(town: House, tale: Tale) -> None:
    for department, wish in WISHES.items():
        await town.post("admin", "/spread/subscriptions", {"department": department, **wish})

    await _amend_and_approve(town, tale.item_id)

    await eventually(lambda: _delivered(town, "finance", tale.item_id))
    entry = (await town.all_of("/spread/feeds/finance.json"))[0]
    assert entry["_knowhow"]["because"] == ["follows finance"]


async def test_text_narrows_a_subscription(town: House, tale: Tale) -> None:
    await eventually(lambda: _delivered(town, "sales", tale.item_id))
    assert not await town.all_of("/spread/feeds/legal.json")


async def test_a_delivery_comes_once_even_when_everything_is_announced_again(town: House, tale: Tale) -> None:
    announced = await town.ask("admin", "POST", "/codify/announce-again")
    assert announced.json()["announced"] > 0

    await _amend_and_approve(town, tale.item_id)

    await eventually(lambda: _delivered(town, "finance", tale.item_id, version=3))
    feed = [entry["id"] for entry in await town.all_of("/spread/feeds/finance.json")]
    assert feed == [f"{tale.item_id}:3", f"{tale.item_id}:2"]


WISHES: dict[str, dict[str, Any]] = {
    "finance": {"topics": ["finance"]},
    "sales": {"topics": ["finance"], "query": "invoices"},
    "legal": {"topics": ["finance"], "query": "contracts"},
}


async def _amend_and_approve(town: House, item_id: str) -> None:
    item = await town.get(f"/discover/items/{item_id}")
    version = item["version"]
    body = {
        "kind": "prompt",
        "title": item["title"],
        "body": f"Again {version}",
        "topics": ["finance/invoicing"],
    }
    tag = {"If-Match": f'"{version}"'}
    amended = await town.ask("ines", "PATCH", f"/discover/items/{item_id}", json=body, headers=tag)
    assert amended.is_success, amended.text
    await eventually(lambda: _read(town, item_id, version + 1))
    await decide(town, "tomas", item_id)


async def _read(town: House, item_id: str, version: int) -> bool:
    return bool((await town.get(f"/codify/reviews/{item_id}"))["version"] == version)


async def _delivered(town: House, department: str, item_id: str, version: int = 2) -> bool:
    feed = await town.all_of(f"/spread/feeds/{department}.json")
    return f"{item_id}:{version}" in [entry["id"] for entry in feed]
