"""One item's way through all four services, as its author, colleagues, curator and readers make it go."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from shared.contracts.codify import Verdict
from tests.chaos.client import Ask, Client
from tests.chaos.history import Act, Outcome
from tests.chaos.plan import Plan
from tests.chaos.town import patiently

MANY = 1_000_000


class Walk:
    """Takes an item along its plan; `published` are the entries that others may be merged into."""

    def __init__(self, plan: Plan, client: Client, published: list[str]) -> None:
        self.plan = plan
        self.client = client
        self.published = published
        self.tries = 1 if plan.impatient else MANY
        self.item_id = ""

    async def go(self) -> None:
        """Go as far as the plan says, or as somebody's patience lasts."""
        if (
            await self._captured()
            and await self._amended()
            and await self._nominated()
            and await self._decided()
        ):
            await self._adopted()

    async def _captured(self) -> bool:
        plan = self.plan
        ask = Ask("POST", "discover", "/items", plan.wish, {"Idempotency-Key": plan.name})
        act = self._act("capture", plan.author, plan.wish)
        if not await self.client.do(act, ask, tries=self.tries):
            return False
        self.item_id = act.answer["id"]
        if plan.sent_again:
            await self._capture_again(act, ask)
        return True

    async def _capture_again(self, first: Act, ask: Ask) -> None:
        outcome, status, body = await self.client.once(first.by, ask)
        same = (first.status, self.item_id)
        self.client.history.answered(outcome)
        if outcome is not Outcome.UNKNOWN and (status, (body or {}).get("id")) != same:
            said = f"{self.plan.name} sent again: {status} after {first.status}"
            self.client.history.contradictions.append(said)

    async def _amended(self) -> bool:
        if not self.plan.amended:
            return True
        changed = self.plan.wish | {"body": f"{self.plan.wish['body']} amended"}
        act = self._act("amend", self.plan.author, changed)
        ask = Ask("PATCH", "discover", f"/items/{self.item_id}", changed, {"If-Match": "1"})
        if not await self.client.do(act, ask):
            return False
        # What is decided later must be decided about this version.
        return await self._seen(
            "share", f"/items/{self.item_id}", lambda item: item["version"] == act.answer["version"]
        )

    async def _nominated(self) -> bool:
        if self.plan.by_word:
            return await self._reacts(
                "nominate", "nominations", self.plan.vouchers[0], {"reason": "For all."}
            )
        endorse = partial(self._reacts, "endorse", "endorsements", wish={"comment": "It works."})
        return all(await asyncio.gather(*(endorse(person) for person in self.plan.vouchers)))

    async def _reacts(self, what: str, path: str, person: str, wish: dict[str, Any]) -> bool:
        ask = Ask("POST", "share", f"/items/{self.item_id}/{path}", wish)
        return await self.client.do(self._act(what, person, wish), ask)

    async def _decided(self) -> bool:
        verdict, path = self.plan.verdict, f"/reviews/{self.item_id}"
        if verdict is Verdict.MERGE and not self.published:
            verdict = Verdict.APPROVE
        if verdict is None or not await self._seen("codify", path, lambda _: True):
            return False
        review = await self.client.get(self.plan.curator, "codify", path) or {}
        wish: dict[str, Any] = {"decision": verdict.value, "reason": "I read it twice."}
        wish |= {name: review.get(name) for name in ("version", "content_sha256")}
        if verdict is Verdict.MERGE:
            wish["into"] = self.published[len(self.published) // 2]
        ask = Ask("POST", "codify", f"{path}/decisions", wish, {"Idempotency-Key": self.plan.name})
        done = await self.client.do(self._act("decide", self.plan.curator, wish), ask)
        return done and verdict is Verdict.APPROVE

    async def _adopted(self) -> None:
        path = f"/entries/{self.item_id}"
        if not await self._seen("codify", path, lambda _: True):
            return
        self.published.append(self.item_id)
        if not await self._in_time(self._has_spread) or self.plan.adopted_in is None:
            return
        wish = {
            "department": self.plan.adopted_in,
            "outcome": "worked",
            "learned": f"{self.plan.name} taught us this.",
        }
        ask = Ask("POST", "spread", f"{path}/adoptions", wish)
        await self.client.do(self._act("adopt", self.plan.vouchers[1], wish), ask)

    async def _has_spread(self) -> bool:
        entries = self.client.town.database("spread")["entries"]
        return await patiently(lambda: entries.find_one({"_id": self.item_id})) is not None

    async def _seen(self, service: str, path: str, check: Any) -> bool:
        """Wait until it is there and as it should be, or patience ends."""

        async def there() -> bool:
            found = await self.client.get(self.plan.curator, service, path)
            return found is not None and bool(check(found))

        return await self._in_time(there)

    async def _in_time(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        """Wait until it holds, or patience ends."""
        history = self.client.history
        deadline = history.now() + self.client.give_up_after
        while history.now() < deadline:
            if await holds():
                return True
            await asyncio.sleep(0.25)
        return False

    def _act(self, what: str, by: str, wish: dict[str, Any]) -> Act:
        return self.client.history.act(what, self.item_id or self.plan.name, by, wish)
