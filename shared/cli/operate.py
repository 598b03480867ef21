"""Commands of an operator: how the services are, and having said or indexed everything again."""

import time
from typing import Any

import typer

from shared.cli import show
from shared.cli.dead_letters import services
from shared.cli.house import SERVICES, House, at
from shared.cli.options import Service
from shared.cli.stop import Away, Code, Refused

STATUS: show.Columns = {
    "service": lambda one: one["service"],
    "ready": lambda one: "yes" if one["ready"] else f"no: {one['why']}",
    "lag": lambda one: sum(one.get("lag", {}).values()) if "lag" in one else "",
    "pending": lambda one: {True: "yes", False: "no"}.get(one.get("pending"), one.get("pending")),
    "dead letters": lambda one: one.get("dead_letters"),
}
ANNOUNCED: show.Columns = {
    "service": lambda one: one["service"],
    "announced again": lambda one: one["announced"],
}
LOOK = 0.5


def status(house: House) -> None:
    """Tell how each service is: ready, messages not heard yet, announcements not out yet, dead letters."""
    told = [_status(house, service) for service in SERVICES]
    show.listing(told, STATUS, as_json=house.as_json)
    if all(one.get("away") for one in told):
        raise typer.Exit(Code.AWAY)
    if not all(one["ready"] for one in told):
        raise typer.Exit(Code.REFUSED)


def _status(house: House, service: str) -> dict[str, Any]:
    try:
        return dict(house.get(at(service, "status")))
    except Away as stop:
        return {"service": service, "ready": False, "why": str(stop), "away": True}


def announce_again(house: House, service: Service = None) -> None:
    """Let services announce all they ever said; who heard it before is not disturbed by hearing it again."""
    told = [{"service": one, **house.post(at(one, "announce-again"))} for one in services(service)]
    show.listing(told, ANNOUNCED, as_json=house.as_json)


def reindex(house: House) -> None:
    """Rebuild the search index from the documents and wait for it; searches go on meanwhile.

    After Ctrl-C the rebuild goes on; the same command takes up watching it.
    """
    begun = house.post(at("spread", "reindex"))
    with show.progress("indexing", begun["total"]) as moved:
        ended = _watched(house, begun, moved)
    if ended.get("error"):
        raise Refused(f"The index was not rebuilt: {ended['error']}")
    show.answer(ended, f"{ended['done']:,} entries and subscriptions are indexed.", as_json=house.as_json)


def _watched(house: House, now: dict[str, Any], moved: Any) -> dict[str, Any]:
    while now["running"]:
        moved(f"indexing: {now['done']:,} of {now['total']:,}")
        time.sleep(LOOK)
        now = house.get(at("spread", "reindex"))
    return now
