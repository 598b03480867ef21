"""Keeps the house busy: so many items a second whatever becomes of them, and subscriptions that come and go."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from tests.chaos.client import Ask, Client
from tests.chaos.feed import look_at_feed
from tests.chaos.history import Act
from tests.chaos.plan import CURATORS, Planner
from tests.chaos.walk import Walk

AT_ONCE = 20
MOST = 80
"""Items under way at once: a machine that cannot keep up must not drown in what waits."""

AMONG = 40
"""Of so many items, one brings a change of subscriptions with it."""


class Load:
    """Open loop as long as the machine keeps up: the next item comes when it is due, not when the one before it is through."""

    def __init__(self, client: Client, seed: int, rate: float, items: int) -> None:
        self.client = client
        self.planner = Planner(seed)
        self.rate = rate
        self.items = items
        self.published: list[str] = []
        self.following: list[Act] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []

    @property
    def under_way(self) -> int:
        """How many items and other wishes are not through."""
        return len(self._under_way)

    async def prepare(self, subscriptions: int) -> None:
        """Appoint the curators, and subscribe so often, before anything is published."""
        for person, topics in CURATORS.items():
            wish = {"name": person.title(), "topics": list(topics)}
            act = self.client.history.act("appoint", person, "admin", wish)
            assert await self.client.do(act, Ask("PUT", "codify", f"/curators/{person}", wish)), act
        turns = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._subscribe(number, turns) for number in range(subscriptions)))

    async def run(self) -> None:
        """Begin items until cancelled, or until there were enough."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while self.planner.planned < self.items:
            if self.under_way > MOST:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            self.begin(Walk(self.planner.item(), self.client, self.published).go())
            if self.planner.planned % AMONG == 0:
                self.begin(self._change())
            due = max(due + 1 / self.rate, loop.time() - 1)
            await asyncio.sleep(due - loop.time())

    async def finish(self) -> None:
        """Wait until all that was begun is through; the first error in any of it is raised here."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        for error in self._broken:
            raise error

    async def stop(self) -> None:
        """Let go of all that is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._through)

    def _through(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._broken.append(error)

    async def _change(self) -> None:
        await look_at_feed(self.client)
        await self._subscribe(self.planner.planned, asyncio.Semaphore(1))
        if self.following:
            await look_at_feed(self.client)
            gone = self.following.pop(self.planner.random.randrange(len(self.following)))
            act = self.client.history.act("unsubscribe", gone.answer["id"], "admin", {})
            path = f"/subscriptions/{gone.answer['id']}"
            await self.client.do(act, Ask("DELETE", "spread", path), not_yet=())

    async def _subscribe(self, number: int, turns: asyncio.Semaphore) -> None:
        wish = self.planner.subscription(number)
        act = self.client.history.act("subscribe", wish["department"], "admin", wish)
        async with turns:
            if await self.client.do(act, Ask("POST", "spread", "/subscriptions", wish)):
                self.following.append(act)
