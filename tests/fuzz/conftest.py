"""Things that exist in the house, for operations that are about one of them."""

from itertools import cycle
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.identity.people import Person
from shared.identity.policy import allows
from tests.support.eventually import eventually
from tests.support.house import House

Known = dict[str, Any]
PROMPT = {"kind": "prompt", "title": "Plain words", "topics": ["finance/tax"]}


class Doorkeeper:
    """Finds for each operation somebody who may use it, and their token."""

    def __init__(self, house_url: str) -> None:
        with httpx.Client(base_url=house_url, trust_env=False) as client:
            listed = client.get("/identity/people").json()["items"]
            self.people = [Person.model_validate(one) for one in listed]
            self.tokens = {one.id: self._token(client, one.id) for one in self.people}

    def _token(self, client: httpx.Client, person: str) -> str:
        answer = client.post("/identity/tokens", json={"person": person})
        return str(answer.json()["access_token"])

    def headers(self, method: str, path: str) -> dict[str, str]:
        """The headers of somebody who may."""
        person = next(one for one in self.people if allows(method, path, one))
        return {"Authorization": f"Bearer {self.tokens[person.id]}"}


@pytest.fixture(scope="session")
def doorkeeper(house_url: str) -> Doorkeeper:
    return Doorkeeper(house_url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def existing(house: House) -> Known:
    """One id after another for each name that a path has a blank for."""
    await house.ask("admin", "PUT", "/codify/curators/tomas", json={"name": "Tomas", "topics": [""]})
    own, other, published = [await _captured(house, person) for person in ("ines", "bruno", "bruno")]
    await _published(house, published)
    wish = {"department": "finance", "topics": ["finance"]}
    subscription = await house.post("ines", "/spread/subscriptions", wish)
    community = await house.post("ines", "/share/communities", {"name": "Ledger"})
    return {
        "item_id": cycle([own, other, published]),
        "entry_id": cycle([published]),
        "subscription_id": cycle([subscription["id"]]),
        "community_id": cycle([community["id"]]),
        "person_id": cycle(["noor"]),
        "department": cycle(["finance"]),
        "n": cycle([1, 2]),
    }


async def _captured(house: House, person: str) -> str:
    wish = PROMPT | {"body": f"Say it plainly, says {person}, {len(house.tokens)}."}
    item = await house.post(person, "/discover/items", wish)
    await _there(house, f"/share/items/{item['id']}")
    return str(item["id"])


async def _published(house: House, item_id: str) -> None:
    await house.post("ines", f"/share/items/{item_id}/nominations", {"reason": "For everyone."})
    review = await _there(house, f"/codify/reviews/{item_id}")
    read = {name: review[name] for name in ("version", "content_sha256")}
    decision = {"decision": "approve", "reason": "Clear.", **read}
    await house.post("tomas", f"/codify/reviews/{item_id}/decisions", decision)
    await _there(house, f"/codify/entries/{item_id}")


async def _there(house: House, path: str) -> Any:
    async def look() -> Any:
        answer = await house.ask("ines", "GET", path)
        assert answer.is_success, answer.text
        return answer.json()

    return await eventually(look)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fuzz: asks at random; `make check` runs it, `make test` does not.")
