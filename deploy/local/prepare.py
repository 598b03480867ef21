"""What must be there before anything moves: curators, communities and subscriptions."""

from asyncio import gather
from functools import partial
from typing import Any

from deploy.local.house import House
from deploy.local.organisation import Community, Curator, Organisation, Subscription
from deploy.local.waiting import until
from shared.identity.people import Role


async def prepare(house: House, organisation: Organisation) -> None:
    """Set up curators, communities and subscriptions; those that are there already stay as they are.

    Raises:
        Unfinished: the house refuses, or stays away for two minutes.
    """
    admin = organisation.somebody(Role.ADMINISTRATOR).id
    await gather(
        *(_appoint(house, admin, curator) for curator in organisation.curators),
        *(_found(house, admin, community) for community in organisation.communities),
        _subscribe_all(house, organisation),
    )


async def _appoint(house: House, admin: str, curator: Curator) -> None:
    if not await house.find(admin, "/codify/curators", lambda one: one.get("person") == curator.person):
        wish = {"name": curator.name, "topics": curator.topics, "keys": []}
        await house.put(admin, f"/codify/curators/{curator.person}", wish)


async def _found(house: House, admin: str, community: Community) -> None:
    look = partial(house.find, admin, "/share/communities", lambda one: one["name"] == community.name)
    if not await look():
        wish = community.model_dump(exclude={"members"})
        await house.post(admin, "/share/communities", wish, f"found {community.name}")
    found = await until(look, f"Founding the community {community.name}")
    for member in community.members:
        await house.put(member, f"/share/communities/{found['id']}/members/me")


async def _subscribe_all(house: House, organisation: Organisation) -> None:
    for number, subscription in enumerate(organisation.subscriptions):
        champion = organisation.somebody(Role.CHAMPION, subscription.department).id
        await _subscribe(house, champion, subscription, f"subscription {number}")


async def _subscribe(house: House, champion: str, subscription: Subscription, key: str) -> None:
    same = partial(_same, subscription)
    if not await house.find(champion, "/spread/subscriptions", same, department=subscription.department):
        wish = subscription.model_dump(mode="json", exclude_defaults=True)
        await house.post(champion, "/spread/subscriptions", wish, key)


def _same(subscription: Subscription, there: Any) -> bool:
    return (
        set(there["topics"]) == set(subscription.topics)
        and set(there.get("kinds") or ()) == set(subscription.kinds)
        and (there.get("query") or None) == subscription.query
    )
