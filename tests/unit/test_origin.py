"""One port for all services: each request reaches its service, and all open and close together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Request

from deploy.local.origin import Origin
from tests.support.eventually import eventually


class Diary(list[str]):
    """What the applications did, in order."""

    def app(self, name: str, *, fails: bool = False) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            if fails:
                raise ConnectionError(name)
            self.append(f"{name} opens")
            yield
            self.append(f"{name} closes")

        app = FastAPI(lifespan=lifespan, openapi_url=None)

        @app.get("/{path:path}")
        async def answer(request: Request) -> str:
            return f"{name} got {request.url_for('answer', path='x').path[:2]} {request.url.path}"

        return app


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/share/items", "share got /x /share/items"),
        ("/share", "share got /x /share"),
        ("/", "discover got /x /"),
        ("/static/style.css", "discover got /x /static/style.css"),
        ("/shared", "discover got /x /shared"),
    ],
)
async def test_a_request_reaches_the_service_that_its_path_begins_with(path: str, answer: str) -> None:
    origin = Origin({"discover": Diary().app("discover"), "share": Diary().app("share")})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(origin), base_url="http://test") as client:
        assert (await client.get(path)).json() == answer


async def test_all_services_open_and_close_together() -> None:
    diary = Diary()

    async with Origin({"discover": diary.app("discover"), "share": diary.app("share")}).open():
        assert sorted(diary) == ["discover opens", "share opens"]

    assert sorted(diary[2:]) == ["discover closes", "share closes"]


async def test_a_service_that_does_not_open_lets_the_others_close() -> None:
    diary = Diary()

    with pytest.raises(ConnectionError, match="share"):
        async with Origin(
            {"discover": diary.app("discover"), "share": diary.app("share", fails=True)}
        ).open():
            pytest.fail("a house with three services is no house")

    assert diary == ["discover opens", "discover closes"]


async def test_eventually_waits_for_a_check_to_hold_and_tells_why_it_did_not() -> None:
    tries = iter([0, 0, 3])

    assert await eventually(lambda: next(tries)) == 3
    with pytest.raises(AssertionError, match="False is not what was waited for"):
        await eventually(lambda: False, within=0.05)
