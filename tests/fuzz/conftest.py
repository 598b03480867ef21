"""Things that exist in the house, for operations that are about one of them."""

from itertools import cycle
from typing import Any

import httpx
import pytest

from shared.identity.people import Person
from shared.identity.policy import allows
from tests.support.house import House
from tests.support.round import appoint_tomas, captured, published

Known = dict[str, Any]


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


@pytest.fixture(scope="session")
async def existing(house: House) -> Known:
    """One id after another for each name that a path has a blank for."""
    await appoint_tomas(house)
    items = [
        await captured(house, person, f"{person} says it plainly.") for person in ("ines", "bruno", "yuki")
    ]
    await published(house, items[-1])
    wish = {"department": "finance", "topics": ["finance"]}
    subscription = await house.post("ines", "/spread/subscriptions", wish)
    community = await house.post("ines", "/share/communities", {"name": "Ledger"})
    return {
        "item_id": cycle(items),
        "entry_id": cycle(items[-1:]),
        "subscription_id": cycle([subscription["id"]]),
        "community_id": cycle([community["id"]]),
        "person_id": cycle(["noor"]),
        "department": cycle(["finance"]),
        "n": cycle([1, 2]),
    }


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fuzz: asks at random; `make check` runs it, `make test` does not.")
