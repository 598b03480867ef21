"""Mends what the poison stood for, and has every dead letter heard again."""

import asyncio
import time
from typing import Any

from tests.chaos.client import Ask, Client

PAGE = 200
ROUNDS = 50
PAUSE = 0.5
NOT_SHOWN = -1
"""How many are left where a service does not show its list."""


async def replay_all(client: Client) -> int:
    """Start all services anew without the bug, replay all dead letters; how many are left, or `NOT_SHOWN`."""
    await client.town.restart(CHAOS_PLANTED="mend")
    left = await asyncio.gather(*(_replay(client, service) for service in client.town.services))
    return NOT_SHOWN if NOT_SHOWN in left else sum(left)


async def _replay(client: Client, service: str) -> int:
    for _ in range(ROUNDS):
        listed = await _listed(client, service)
        done = [await _heard(client, service, letter["id"]) for letter in listed or ()]
        if not any(done):
            break
    left = await _listed(client, service)
    return NOT_SHOWN if left is None else len(left)


async def _listed(client: Client, service: str) -> list[dict[str, Any]] | None:
    deadline = time.monotonic() + client.give_up_after
    while time.monotonic() < deadline:
        page = await client.get("admin", service, f"/dead-letters?limit={PAGE}")
        if page is not None:
            return list(page["items"])
        await asyncio.sleep(PAUSE)
    return None


async def _heard(client: Client, service: str, letter_id: str) -> bool:
    _, status, _ = await client.once("admin", Ask("POST", service, f"/dead-letters/{letter_id}/replay"))
    return status == 204
