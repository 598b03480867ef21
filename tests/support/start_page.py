"""Discover's pages without servers: what they show of a few items, to whom."""

from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
from fastapi import FastAPI

from services.discover import api, pages
from services.discover.domain.item import Stage
from services.discover.domain.journey import Note
from shared.flow.errors import Passing
from shared.identity.people import Person
from shared.storage.document import Document
from shared.web import problems
from shared.web.docs import docs
from shared.web.signed_in import Limits
from shared.web.watching import Places

AT = datetime(2030, 4, 5, 6, 7, tzinfo=UTC)
ADA = Person(id="ada", name="Ada", department="finance", roles=frozenset())
SIGNED_IN = {"Authorization": "Bearer ada"}


class House:
    """Discover's storage with these items, of which Ada endorsed each; or one whose database is away."""

    def __init__(self, *items: tuple[str, Stage], away: bool = False) -> None:
        self.items = items
        self.away = away

    async def by_stage(self) -> dict[Stage, int]:
        """How many items are at each stage."""
        if self.away:
            raise Passing
        return {stage: sum(at is stage for _, at in self.items) for stage in Stage}

    async def latest(self, _: int) -> list[Document[Note]]:
        """One note for each item."""
        return [_note(number, title) for number, (title, _) in enumerate(self.items)]

    async def since(self, _: datetime) -> list[Document[Note]]:
        """The same notes, and then the database is away, so that a stream ends."""
        if self.away:
            raise Passing
        self.away = True
        return await self.latest(20)

    async def titles(self, item_ids: Iterable[str]) -> dict[str, str]:
        """What the items are called."""
        named = {f"item-{number}": title for number, (title, _) in enumerate(self.items)}
        return {item_id: named[item_id] for item_id in item_ids}


class Endless(House):
    """A house whose database never goes away, so that a stream ends only when it must."""

    async def since(self, _: datetime) -> list[Document[Note]]:
        """The same notes again and again."""
        return await self.latest(20)


class _Tokens:
    async def person(self, _: str) -> Person:
        return ADA

    async def lasts(self, _: str) -> float:
        return 0.3


def _note(number: int, title: str) -> Document[Note]:
    said = {"type": "ItemEndorsed", "what": f"Endorsed: “Because {title}”", "who": "Ada"}
    note = Note(item_id=f"item-{number}", at=AT, service="share", **said)
    return Document(id=f"event-{number}", state=note)


def app_of(house: House, places: int = 1) -> FastAPI:
    """The pages of a house with room for so many watchers."""
    app = FastAPI()
    app.state.limits = Limits(60)
    app.state.tokens = _Tokens()
    app.state.author_key = b"k" * 32
    app.state.engine = SimpleNamespace(storage=house)
    app.state.places = Places(places)
    problems.install(app)
    for router in (api.router, pages.router, docs("share")):
        app.include_router(router)
    return app


async def get(
    path: str, of: House | FastAPI | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """What the pages of a house answer."""
    app = of if isinstance(of, FastAPI) else app_of(of or House())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house")
    async with client:
        return await client.get(path, headers=headers)
