"""The table of who may do what, against the routes there are, cell by cell over HTTP."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.staticfiles import StaticFiles

from shared.identity.people import Person
from shared.identity.policy import POLICY, Everyone, Route, Rule
from tests.support.closed_house import PEOPLE, applications, client_of, closed_house

NOBODY = "nobody"
BLANKS = {"{n}": "1", "{path:path}": "nothing.css"}


def routes_of(app: FastAPI) -> set[Route]:
    """All routes of an application, hidden ones too; what answers any method is named by an asterisk."""
    return {
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in sorted(route.methods or {"*"})
        if method != "HEAD"
    }


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> list[FastAPI]:
    return applications(tmp_path_factory.mktemp("house"))


def test_every_route_is_in_the_table(apps: list[FastAPI]) -> None:
    unlisted = {route for app in apps for route in routes_of(app)} - set(POLICY)

    assert not unlisted, f"Say in shared/identity/policy.py who may use {sorted(unlisted)}."


def test_every_row_of_the_table_has_a_route(apps: list[FastAPI]) -> None:
    vacant = set(POLICY) - {route for app in apps for route in routes_of(app)}

    assert not vacant, f"No route answers {sorted(vacant)}; take it out of shared/identity/policy.py."


def test_a_route_that_nobody_listed_is_noticed(tmp_path: Path) -> None:
    app = applications(tmp_path)[0]
    before = routes_of(app)

    app.add_api_route("/discover/secrets", lambda: None, methods=["DELETE"], include_in_schema=False)
    app.mount("/discover/files", StaticFiles(directory=tmp_path))

    assert routes_of(app) - before == {("DELETE", "/discover/secrets"), ("*", "/discover/files")}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(closed_house(tmp_path)) as client:
        yield client


async def answers(client: httpx.AsyncClient, route: Route) -> dict[str, int]:
    """The status that each person gets who asks for a route, and nobody."""
    method, path = route
    url = re.sub(r"{.*?}", lambda blank: BLANKS.get(blank[0], "nothing"), path)
    found = {NOBODY: (await client.request(method, url)).status_code}
    for person in PEOPLE:
        signed_in = await client.post("/identity/tokens", json={"person": person.id})
        bearer = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
        found[person.id] = (await client.request(method, url, headers=bearer)).status_code
    return found


def refusal(rule: Rule, person: Person) -> int | None:
    """The status that the table wishes to keep somebody out with."""
    return None if isinstance(rule, Everyone) or not rule.isdisjoint(person.roles) else 403


@pytest.mark.parametrize("route", POLICY, ids=" ".join)
async def test_a_route_lets_in_exactly_those_whom_the_table_names(
    client: httpx.AsyncClient, route: Route
) -> None:
    rule = POLICY[route]
    wished = {person.id: refusal(rule, person) for person in PEOPLE}
    wished[NOBODY] = None if rule is Everyone.PUBLIC else 401

    found = await answers(client, route)

    assert {who: status if status in {401, 403} else None for who, status in found.items()} == wished
