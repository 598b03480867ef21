"""F8 and F12: a consumer that is slow, and lines that are cut or half open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from tests.chaos.arena import Arena
from tests.chaos.process import Supervised
from tests.chaos.proxy import Proxy, Weather, proxy_to
from tests.chaos.started import suspended
from tests.chaos.timeline import memory_of

STORES = {"mongodb": "KNOWHOW_MONGODB", "opensearch": "KNOWHOW_OPENSEARCH"}
FLAT = 1.5
"""How much more memory a slow consumer may hold in the end."""


@asynccontextmanager
async def _behind_proxies(arena: Arena, instance: Supervised) -> AsyncIterator[dict[str, Proxy]]:
    """Let one instance reach its stores through proxies only, until the block ends."""
    settings = arena.town.settings
    async with AsyncExitStack() as stack:
        proxies, addresses = {}, {}
        for store, variable in STORES.items():
            address = getattr(settings, store)
            port = urlsplit(address).port
            proxies[store] = await stack.enter_async_context(proxy_to(port))
            addresses[variable] = address.replace(str(port), str(proxies[store].port))
        # Its servers tell a driver where they are, and it would go there past the proxy.
        addresses["KNOWHOW_MONGODB"] += (
            f"{'&' if '?' in addresses['KNOWHOW_MONGODB'] else '/?'}directConnection=true"
        )
        instance.alter(**addresses)
        await arena.town.ready()
        try:
            yield proxies
            carried = proxies["mongodb"].carried
            arena.check(carried > 0, f"{carried:,} bytes over {instance.name}'s line to MongoDB")
        finally:
            instance.alter(**dict.fromkeys(addresses))
            await asyncio.sleep(0.1)


async def slow_consumer(arena: Arena) -> None:
    """F8: spread's stores answer late, slowly, and sometimes not at all; its lag must drain and its memory stay."""
    spread = arena.pick(arena.town.services["spread"])
    async with _behind_proxies(arena, spread) as proxies:
        before = memory_of(spread.pid)
        lasting = arena.deadline()
        while lasting():
            proxy = arena.pick(list(proxies.values()))
            proxy.weather = arena.pick(
                [Weather(delay=0.05), Weather(throttle=200_000), Weather(half_open=True)]
            )
            await asyncio.sleep(arena.chance.uniform(0.5, 2))
            proxy.weather = Weather()
            if arena.chance.random() < 0.3:
                proxy.cut()
        await arena.recovers()
        after = memory_of(spread.pid)
    arena.check(after <= before * FLAT, f"memory {before:.0f} MB, then {after:.0f} MB")


async def network_cut(arena: Arena) -> None:
    """F12: one instance's lines are half open, then cut; the broker, if it is ours, stops answering as well."""
    instance = arena.pick(arena.town.instances)
    async with _behind_proxies(arena, instance) as proxies:
        for proxy in proxies.values():
            proxy.weather = Weather(half_open=True)
        before = proxies["mongodb"].carried
        await asyncio.sleep(arena.seconds / 2)
        passed = proxies["mongodb"].carried - before
        arena.check(passed == 0, f"{passed} of them while it was half open")
        for proxy in proxies.values():
            proxy.weather = Weather()
            proxy.cut()
        await arena.recovers()
    arena.note(f"{instance.name} without its stores")
    broker = arena.town.servers.embedded.get("kafka")
    if broker is None:
        arena.note("somebody else's Kafka left alone")
        return
    with suspended(broker.pid):
        await asyncio.sleep(arena.seconds / 2)
    await arena.recovers()
    arena.note("Kafka half open")
