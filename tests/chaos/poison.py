"""Puts onto topics what nobody can hear, and knows how many dead letters each of it must become."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.local.origin import SERVICES
from shared.contracts import EVENTS, codify, discover
from shared.contracts.base import Attribution, Author, Content, Kind
from shared.fingerprint import content_sha256
from shared.identity.signatures import AUDIENCE, DecisionClaims, new_key, sign
from tests.chaos.planted import HEADER, RAISES
from tests.support.topics import Raw

LARGE = 10_000_000

STEP_RAISES = "a step that raises"
"""Poison that the mend makes sound: replayed, its item is shared like any other."""


@dataclass(frozen=True)
class Poison:
    """One bad record; `letters` are the services that must park it."""

    name: str
    what: str
    topic: str
    record: Raw
    letters: frozenset[str]


class Poisoner:
    """Makes poison by the seed and puts it on its topic; `sent` is what the broker took."""

    def __init__(self, kafka: str, gateway_key: str, seed: int) -> None:
        self.kafka = kafka
        self.random = random.Random(f"poison {seed}")
        self.sent: list[Poison] = []
        self._kinds: dict[str, Callable[[str], Poison]] = {
            "bad JSON": _bad_json,
            "wrong schema": _wrong_schema,
            "bad header": _bad_header,
            STEP_RAISES: _raises,
            "signed by a stranger": lambda name: _signed(name, new_key("stranger"), "otto"),
            "decided without a say": lambda name: _signed(name, gateway_key, "ines"),
        }
        self._made = 0

    async def put(self, count: int) -> None:
        """Put so many different ones; what the broker does not take was not sent."""
        await self._send([self._next() for _ in range(count)])

    async def put_large(self) -> bool:
        """Put one of ten million bytes, which a broker may refuse; whether it took it."""
        self._made += 1
        large = _of(f"p{self._made}", "10 MB", "ItemCaptured", b"x" * LARGE)
        await self._send([large])
        return large in self.sent

    async def put_again(self) -> None:
        """Put all of it once more, for a broker that lost its log; whoever parked it already changes nothing."""
        before, self.sent = self.sent, []
        await self._send(before)
        self.sent += [one for one in before if one not in self.sent]

    def _next(self) -> Poison:
        self._made += 1
        return self._kinds[self.random.choice(list(self._kinds))](f"p{self._made}")

    async def _send(self, poison: list[Poison]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka, max_request_size=2 * LARGE, request_timeout_ms=5000
        )
        try:
            await producer.start()
            for one in poison:
                record = one.record
                await producer.send_and_wait(
                    one.topic, record.value, key=record.key, headers=list(record.headers)
                )
                self.sent.append(one)
        except (KafkaError, OSError):
            return
        finally:
            await producer.stop()


def _of(name: str, what: str, event: str, value: bytes, *headers: tuple[str, Any]) -> Poison:
    named = (
        ("ce_id", f"chaos/{name}".encode()),
        ("ce_source", b"/chaos"),
        ("ce_type", event.encode()),
        (HEADER, name.encode()),
    )
    record = Raw(value, (*named, *headers), name.encode())
    return Poison(name, what, EVENTS[event].topic, record, frozenset(_hear(event)))


def _hear(event: str) -> list[str]:
    rows = {name: import_module(f"services.{name}.events").ROWS for name in SERVICES}
    return [
        name for name, of_service in rows.items() if any(row.heard.__name__ == event for row in of_service)
    ]


def _bad_json(name: str) -> Poison:
    return _of(name, "bad JSON", "EntryPublished", f'{{"entry_id": "{name}", '.encode())


def _wrong_schema(name: str) -> Poison:
    return _of(
        name, "wrong schema", "ItemNominated", json.dumps({"item_id": name, "version": "first"}).encode()
    )


def _bad_header(name: str) -> Poison:
    return _of(name, "bad header", "ItemCaptured", b"\xff\xfe", ("traceparent", b"\xff"), ("none", None))


def _raises(name: str) -> Poison:
    content = Content(kind=Kind.TRICK, title=RAISES, body=name)
    author = Author(attribution=Attribution.NAMED, name="P", proof="x")
    said = discover.ItemCaptured(
        item_id=f"chaos-{name}",
        version=1,
        content=content,
        content_sha256=content_sha256(content),
        author=author,
        captured_at="2026-01-01T00:00:00Z",
    )
    made = _of(name, STEP_RAISES, "ItemCaptured", said.model_dump_json().encode())
    return Poison(made.name, made.what, made.topic, made.record, frozenset({"share"}))


def _signed(name: str, key: str, person: str) -> Poison:
    claims = DecisionClaims(
        item_id=f"chaos-{name}",
        version=1,
        content_sha256="0" * 64,
        decision="approve",
        reason="Nobody may.",
        sub=person,
        aud=AUDIENCE,
        jti=name,
        iat=1,
        exp=4_000_000_000,
    )
    said = codify.DecideReview(item_id=claims.item_id, jws=sign(claims, key))
    return _of(name, "decision that must not count", "DecideReview", said.model_dump_json().encode())
