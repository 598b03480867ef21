"""Who may do what, cell by cell."""

import itertools
import re

import pytest

from shared.identity.people import Person, Role
from shared.identity.policy import POLICY, SERVICES, Everyone, Rule, Verdict, allows, verdict

CELLS = list(itertools.product(POLICY.items(), Role))
NAMES = {
    "item_id",
    "entry_id",
    "subscription_id",
    "department",
    "community_id",
    "person_id",
    "letter_id",
    "n",
}


def having(*roles: Role) -> Person:
    return Person(id="ada", name="Ada", department="finance", roles=frozenset(roles))


def open_to(role: Role) -> set[tuple[str, str]]:
    return {route for route, rule in POLICY.items() if isinstance(rule, frozenset) and role in rule}


@pytest.mark.parametrize(("cell", "role"), CELLS, ids=str)
def test_a_role_opens_exactly_the_routes_that_list_it(cell: tuple[tuple[str, str], Rule], role: Role) -> None:
    route, rule = cell

    expected = role in rule if isinstance(rule, frozenset) else True

    assert allows(*route, having(role)) is expected


@pytest.mark.parametrize("route", POLICY)
def test_somebody_unknown_is_asked_to_sign_in_unless_a_route_is_public(route: tuple[str, str]) -> None:
    public = POLICY[route] is Everyone.PUBLIC

    assert verdict(*route, None) is (Verdict.ALLOWED if public else Verdict.SIGN_IN)


@pytest.mark.parametrize("route", POLICY)
def test_a_person_without_any_role_may_only_read(route: tuple[str, str]) -> None:
    expected = Verdict.ALLOWED if isinstance(POLICY[route], Everyone) else Verdict.FORBIDDEN

    assert verdict(*route, having()) is expected


@pytest.mark.parametrize("route", POLICY)
def test_every_route_is_written_alike(route: tuple[str, str]) -> None:
    method, path = route

    assert method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert path == "/" or path.split("/")[1] in {*SERVICES, "static", "identity"}
    assert set(re.findall(r"{(\w+)}", path)) <= NAMES


@pytest.mark.parametrize("route", POLICY)
def test_no_route_is_open_to_nobody(route: tuple[str, str]) -> None:
    rule = POLICY[route]

    assert isinstance(rule, Everyone) or rule


def test_only_reading_and_signing_in_are_public() -> None:
    changing = {route for route, rule in POLICY.items() if rule is Everyone.PUBLIC and route[0] != "GET"}

    assert changing == {("POST", "/identity/tokens")}


def test_only_a_curator_decides() -> None:
    deciding = {
        ("POST", "/codify/reviews/{item_id}/decisions"),
        ("POST", "/codify/entries/{entry_id}/retirement"),
    }

    assert open_to(Role.CURATOR) - open_to(Role.MEMBER) == deciding
    assert not deciding & open_to(Role.ADMINISTRATOR)


def test_an_administrator_may_do_what_is_listed_and_no_more() -> None:
    more = open_to(Role.ADMINISTRATOR) - open_to(Role.MEMBER)

    assert len(more) == 6 * len(SERVICES) + 2 + 2 + 1 + 3
    assert {path.split("/")[-1] for _, path in more} >= {
        "announce-again",
        "dead-letters",
        "reindex",
        "status",
    }


def test_a_facilitator_founds_communities() -> None:
    assert open_to(Role.FACILITATOR) - open_to(Role.MEMBER) == {("POST", "/share/communities")}


def test_a_leader_subscribes_departments() -> None:
    subscribing = {
        ("POST", "/spread/subscriptions"),
        ("PATCH", "/spread/subscriptions/{subscription_id}"),
        ("DELETE", "/spread/subscriptions/{subscription_id}"),
    }

    assert open_to(Role.LEADER) - open_to(Role.MEMBER) == subscribing


def test_a_champion_founds_communities_and_subscribes_departments() -> None:
    both = (open_to(Role.FACILITATOR) | open_to(Role.LEADER)) - open_to(Role.MEMBER)

    assert open_to(Role.CHAMPION) - open_to(Role.MEMBER) == both


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("page", ["live", "ready", "metrics", "docs", "openapi.json"])
def test_everyone_may_see_how_a_service_is(service: str, page: str) -> None:
    assert allows("GET", f"/{service}/{page}", None)


def test_asking_for_the_head_is_asking_for_the_page() -> None:
    assert allows("HEAD", "/", None)
    assert verdict("HEAD", "/share/items", None) is Verdict.SIGN_IN


def test_a_route_that_is_not_listed_is_closed_to_everyone() -> None:
    assert verdict("GET", "/share/secrets", having(*Role)) is Verdict.FORBIDDEN
    assert verdict("GET", "/share/secrets", None) is Verdict.SIGN_IN
