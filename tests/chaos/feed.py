"""Looks into the feed of the department that follows everything, so that it is known what had been delivered by when."""

from tests.chaos.client import Client
from tests.chaos.town import patiently

FOLLOWS_ALL = "probe"
NEWEST = 500
"""Deliveries that one look takes in; those that it misses are merely judged less strictly."""


async def look_at_feed(client: Client) -> None:
    """Write down what is delivered by now, just before somebody comes or goes.

    Whom a version goes to is stored for good before its first delivery is, so that who comes later must not get it, and
    who goes later must have it. That the entry is there proves less: spread stores it before it matches it.
    """
    deliveries = client.town.database("spread")["deliveries"]
    newest = {"sort": [("state.delivered_at", -1)], "limit": NEWEST}
    ours = {"state.department": FOLLOWS_ALL}
    found = await patiently(lambda: deliveries.find(ours, {"_id": 1}, **newest).to_list(None))
    for delivery in found:
        entry_id, version = delivery["_id"].split(":")[:2]
        client.history.delivered.setdefault((entry_id, int(version)), client.history.now())
