"""Sends items round a house, as its people would."""

from typing import Any

from tests.support.eventually import eventually
from tests.support.house import Open

PROMPT = {"kind": "prompt", "title": "Plain words", "topics": ["finance/tax"]}


async def there(house: Open, path: str) -> Any:
    """What is under this address, as soon as it is there."""

    async def look() -> Any:
        answer = await house.ask("ines", "GET", path)
        assert answer.is_success, answer.text
        return answer.json()

    return await eventually(look)


async def captured(house: Open, person: str, body: str) -> str:
    """The id of an item that somebody captured, and that others can see by now."""
    item = await house.post(person, "/discover/items", PROMPT | {"body": body})
    await there(house, f"/share/items/{item['id']}")
    return str(item["id"])


async def reviewed(house: Open, item_id: str, decision: str = "approve") -> None:
    """Nominate an item, and let Tomas decide about it."""
    await house.post("kofi", f"/share/items/{item_id}/nominations", {"reason": "For everyone."})
    review = await there(house, f"/codify/reviews/{item_id}")
    read = {name: review[name] for name in ("version", "content_sha256")}
    wish = {"decision": decision, "reason": "I read it twice.", **read}
    await house.post("tomas", f"/codify/reviews/{item_id}/decisions", wish)


async def published(house: Open, item_id: str) -> None:
    """Let an item become an entry of the library."""
    await reviewed(house, item_id)
    await there(house, f"/codify/entries/{item_id}")


async def appoint_tomas(house: Open) -> None:
    """Give Tomas the say over everything."""
    appointed = await house.ask(
        "admin", "PUT", "/codify/curators/tomas", json={"name": "Tomas", "topics": [""]}
    )
    assert appointed.is_success, appointed.text
