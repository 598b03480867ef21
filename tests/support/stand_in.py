"""A stand-in for the house: a real server on loopback that gives prepared answers and remembers what it was asked."""

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


Answer = Response | Callable[[Asked], Response]


@dataclass
class StandIn:
    """Answers by method and path, such as "GET /discover/items"; 404 where nothing is prepared."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def says(self, route: str, body: Any = None, status: int = 200, **headers: str) -> None:
        """Prepare an answer in JSON; underscores in header names become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[route] = (
            Response(status_code=status) if body is None else JSONResponse(body, status, named)
        )

    def refuses(self, route: str, status: int, detail: str, errors: Any = (), **headers: str) -> None:
        """Prepare a problem."""
        self.says(route, problem(status, detail, errors), status, **headers)

    @property
    def wish(self) -> Any:
        """The body of the last request."""
        return self.asked[-1].body

    def forget(self) -> None:
        """Be as new."""
        self.answers.clear()
        self.asked.clear()

    def answer(self, asked: Asked) -> Response:
        """The answer to a request, which is remembered."""
        self.asked.append(asked)
        prepared = self.answers.get(f"{asked.method} {asked.path}")
        if prepared is None:
            return JSONResponse(problem(404, "There is nothing here."), 404)
        return prepared if isinstance(prepared, Response) else prepared(asked)


def problem(status: int, detail: str, errors: Any = ()) -> dict[str, Any]:
    """A problem (RFC 9457)."""
    return {"type": "about:blank", "title": "No", "status": status, "detail": detail, "errors": list(errors)}


def token(person: str, **claims: Any) -> str:
    """A token for a person, as far as the command looks into one."""
    said = {"sub": person, "name": person.title(), "department": "finance", "roles": ["member"], **claims}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


class Shelf:
    """Captures items as the house does: the same body is the same item, the same key the same answer."""

    def __init__(self, busy: int = 0) -> None:
        self.items: dict[str, str] = {}
        self.keys: dict[str, Response] = {}
        self.busy = busy

    def capture(self, asked: Asked) -> Response:
        """The answer to POST /discover/items."""
        if self.busy:
            self.busy -= 1
            return JSONResponse(problem(429, "Too many requests."), 429, {"Retry-After": "0"})
        if "AKIA" in asked.body["body"]:
            wrong = {"pointer": "/body", "detail": "This looks like a secret: AWS Access Key."}
            return JSONResponse(problem(422, "Take out the credentials.", [wrong]), 422)
        return self.keys.setdefault(asked.headers["idempotency-key"], self._kept(asked.body))

    def _kept(self, wish: dict[str, Any]) -> Response:
        body = " ".join(wish["body"].split())
        status = 200 if body in self.items else 201
        identity = self.items.setdefault(body, f"item{len(self.items) + 1}")
        return JSONResponse({"id": identity, "stage": "captured", **wish}, status)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A stand-in that listens until the block ends."""
    made = StandIn()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            _app(made), log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join()


def _app(made: StandIn) -> FastAPI:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def anything(request: Request) -> Response:
        raw = await request.body()
        body = json.loads(raw) if raw else None
        path, query = str(request.scope["path"]), dict(request.query_params)
        return made.answer(Asked(request.method, path, query, dict(request.headers), body))

    return app
