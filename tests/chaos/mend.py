"""Mends what the poison stood for, and has every dead letter heard again."""

import asyncio
from typing import Any

from tests.chaos.client import Ask, Client

PAGE = 200
ROUNDS = 50


async def replay_all(client: Client) -> int:
    """Start all services anew without the bug, replay all dead letters; how many are still on the lists."""
    await client.town.restart(CHAOS_PLANTED="mend")
    return sum(await asyncio.gather(*(_replay(client, service) for service in client.town.services)))


async def _replay(client: Client, service: str) -> int:
    for _ in range(ROUNDS):
        listed = await _listed(client, service)
        done = [await _heard(client, service, letter["id"]) for letter in listed]
        if not any(done):
            break
    return len(await _listed(client, service))


async def _listed(client: Client, service: str) -> list[dict[str, Any]]:
    page = await client.get("admin", service, f"/dead-letters?limit={PAGE}")
    return list(page["items"]) if page else []


async def _heard(client: Client, service: str, letter_id: str) -> bool:
    _, status, _ = await client.once("admin", Ask("POST", service, f"/dead-letters/{letter_id}/replay"))
    return status == 204
