"""Who may do what: the one table that every route of every service is looked up in."""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, TypeAlias

from shared.identity.people import Person, Role


class Everyone(Enum):
    """Routes for which no role is needed."""

    PUBLIC = auto()
    SIGNED_IN = auto()


class Verdict(Enum):
    """What to answer: go on, ask to sign in (401), or refuse (403)."""

    ALLOWED = auto()
    SIGN_IN = auto()
    FORBIDDEN = auto()


Route: TypeAlias = tuple[str, str]
Rule: TypeAlias = frozenset[Role] | Everyone

SERVICES: Final = ("discover", "share", "codify", "spread")

# A member of the house is whoever holds any role in it: a curator need not be listed as a member as well.
_MEMBERS: Final = frozenset(Role)
_CURATORS: Final = frozenset({Role.CURATOR})
_ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})
_FOUNDERS: Final = frozenset({Role.FACILITATOR, Role.CHAMPION, Role.ADMINISTRATOR})
_SUBSCRIBERS: Final = frozenset({Role.CHAMPION, Role.LEADER, Role.ADMINISTRATOR})

_FRONT: Final[dict[Route, Rule]] = {
    # That names, titles and remarks are shown to nobody who is not signed in is discover's own rule: see its audience.
    ("GET", "/"): Everyone.PUBLIC,
    ("GET", "/static/{path:path}"): Everyone.PUBLIC,
    ("GET", "/identity/people"): Everyone.PUBLIC,
    ("POST", "/identity/tokens"): Everyone.PUBLIC,
    ("GET", "/identity/jwks.json"): Everyone.PUBLIC,
}

_DISCOVER: Final[dict[Route, Rule]] = {
    ("GET", "/discover/circulation"): Everyone.PUBLIC,
    ("GET", "/discover/circulation/live"): Everyone.PUBLIC,
    ("POST", "/discover/items"): _MEMBERS,
    ("GET", "/discover/items"): Everyone.SIGNED_IN,
    ("GET", "/discover/items/{item_id}"): Everyone.SIGNED_IN,
    ("PATCH", "/discover/items/{item_id}"): _MEMBERS,
    ("DELETE", "/discover/items/{item_id}"): _MEMBERS,
    ("GET", "/discover/items/{item_id}/journey"): Everyone.SIGNED_IN,
}

_SHARE: Final[dict[Route, Rule]] = {
    ("GET", "/share/items"): Everyone.SIGNED_IN,
    ("GET", "/share/items/{item_id}"): Everyone.SIGNED_IN,
    ("POST", "/share/items/{item_id}/endorsements"): _MEMBERS,
    ("POST", "/share/items/{item_id}/tries"): _MEMBERS,
    # That only a champion or a curator nominates by a reason alone is the nominating step's rule, not the route's.
    ("POST", "/share/items/{item_id}/nominations"): _MEMBERS,
    ("GET", "/share/communities"): Everyone.SIGNED_IN,
    ("POST", "/share/communities"): _FOUNDERS,
    ("PUT", "/share/communities/{community_id}/members/me"): _MEMBERS,
    ("DELETE", "/share/communities/{community_id}/members/me"): _MEMBERS,
}

_CODIFY: Final[dict[Route, Rule]] = {
    ("GET", "/codify/reviews"): Everyone.SIGNED_IN,
    ("GET", "/codify/reviews/{item_id}"): Everyone.SIGNED_IN,
    ("POST", "/codify/reviews/{item_id}/decisions"): _CURATORS,
    ("GET", "/codify/entries"): Everyone.SIGNED_IN,
    ("GET", "/codify/entries/{entry_id}"): Everyone.SIGNED_IN,
    ("GET", "/codify/entries/{entry_id}/versions/{n}"): Everyone.SIGNED_IN,
    ("POST", "/codify/entries/{entry_id}/retirement"): _CURATORS,
    ("GET", "/codify/curators"): Everyone.SIGNED_IN,
    ("PUT", "/codify/curators/{person_id}"): _ADMINISTRATORS,
    ("DELETE", "/codify/curators/{person_id}"): _ADMINISTRATORS,
}

_SPREAD: Final[dict[Route, Rule]] = {
    ("POST", "/spread/subscriptions"): _SUBSCRIBERS,
    ("GET", "/spread/subscriptions"): Everyone.SIGNED_IN,
    ("GET", "/spread/subscriptions/{subscription_id}"): Everyone.SIGNED_IN,
    ("PATCH", "/spread/subscriptions/{subscription_id}"): _SUBSCRIBERS,
    ("DELETE", "/spread/subscriptions/{subscription_id}"): _SUBSCRIBERS,
    # A preview is posted for the size of its body, but only reads.
    ("POST", "/spread/subscriptions/preview"): Everyone.SIGNED_IN,
    ("GET", "/spread/feeds/{department}.json"): Everyone.SIGNED_IN,
    ("GET", "/spread/feeds/{department}.atom"): Everyone.SIGNED_IN,
    ("GET", "/spread/feeds/{department}/live"): Everyone.SIGNED_IN,
    ("GET", "/spread/search"): Everyone.SIGNED_IN,
    ("POST", "/spread/entries/{entry_id}/adoptions"): _MEMBERS,
    ("POST", "/spread/reindex"): _ADMINISTRATORS,
    ("GET", "/spread/reindex"): _ADMINISTRATORS,
}

_OF_EVERY_SERVICE: Final[dict[Route, Rule]] = {
    ("GET", "/live"): Everyone.PUBLIC,
    ("GET", "/ready"): Everyone.PUBLIC,
    ("GET", "/metrics"): Everyone.PUBLIC,
    ("GET", "/docs"): Everyone.PUBLIC,
    ("GET", "/openapi.json"): Everyone.PUBLIC,
    ("GET", "/status"): _ADMINISTRATORS,
    ("GET", "/dead-letters"): _ADMINISTRATORS,
    ("GET", "/dead-letters/{letter_id}"): _ADMINISTRATORS,
    ("POST", "/dead-letters/{letter_id}/replay"): _ADMINISTRATORS,
    ("POST", "/dead-letters/{letter_id}/discard"): _ADMINISTRATORS,
    ("POST", "/announce-again"): _ADMINISTRATORS,
}


def _operating() -> Iterator[tuple[Route, Rule]]:
    for service in SERVICES:
        for (method, path), rule in _OF_EVERY_SERVICE.items():
            yield (method, f"/{service}{path}"), rule


POLICY: Final[Mapping[Route, Rule]] = MappingProxyType(
    {**_FRONT, **_DISCOVER, **_SHARE, **_CODIFY, **_SPREAD, **dict(_operating())}
)


def verdict(method: str, path: str, person: Person | None) -> Verdict:
    """What to answer this person, or somebody unknown, on a route given by its path template; unlisted is forbidden."""
    rule = POLICY.get(("GET" if method == "HEAD" else method, path), frozenset())
    if rule is Everyone.PUBLIC:
        return Verdict.ALLOWED
    if person is None:
        return Verdict.SIGN_IN
    return Verdict.ALLOWED if _covers(rule, person) else Verdict.FORBIDDEN


def methods_of(path: str) -> list[str]:
    """The methods that the table knows for a route given by its path template, in order."""
    return sorted(method for method, template in POLICY if template == path)


def allows(method: str, path: str, person: Person | None) -> bool:
    """True where the table lets this person, or somebody unknown, use the route."""
    return verdict(method, path, person) is Verdict.ALLOWED


def _covers(rule: Rule, person: Person) -> bool:
    return rule is Everyone.SIGNED_IN or (isinstance(rule, frozenset) and not rule.isdisjoint(person.roles))
