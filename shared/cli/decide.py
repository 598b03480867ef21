"""The command with which a curator decides, about one item or about all that match."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli.abreast import abreast
from shared.cli.answers import checked
from shared.cli.decisions import Verdict, Wish, same_again
from shared.cli.house import House, at
from shared.cli.kafka import KAFKA, produce
from shared.cli.keys import read_key
from shared.cli.options import OneKind, OneTopic, Wait
from shared.cli.patient import AT_ONCE, Patient, patient
from shared.cli.reviews import Filter, Words
from shared.cli.stop import Refused, Usage
from shared.cli.tally import Tally, tallied
from shared.identity.signatures import DecisionClaims

What = Annotated[Verdict, typer.Argument(metavar="DECISION", help=f"One of {', '.join(Verdict)}.")]
Item = Annotated[str | None, typer.Argument(metavar="[ITEM]", help="The item to decide about.")]
Every = Annotated[bool, typer.Option("--all", help="Decide about every open review that the filters leave.")]
Why = Annotated[str, typer.Option("--reason", help="Why; the author reads it.")]
Into = Annotated[str | None, typer.Option("--into", help="The entry to merge it into.")]
Key = Annotated[
    Path | None, typer.Option("--key", help="Your own registered key: the decision goes straight onto Kafka.")
]
Broker = Annotated[str, typer.Option("--kafka", envvar="KNOWHOW_KAFKA", help="Where Kafka is, for --key.")]

VALID_FOR = 24 * 3600
"""Seconds that a signed decision counts, so that it survives a day on which codify is away."""


def decide(  # noqa: PLR0913 - what, about what, why, and which way are options of their own.
    house: House,
    verdict: What,
    *,
    reason: Why,
    item: Item = None,
    every: Every = False,
    topic: OneTopic = None,
    kind: OneKind = None,
    text: Words = None,
    into: Into = None,
    key: Key = None,
    kafka: Broker = KAFKA,
    wait: Wait = 60,
) -> None:
    """Decide about an ITEM under review, or with --all about every one that the filters leave.

    `knowhow reviews` with the same filters shows which those are. With --all, the same decision is never sent twice:
    stopped and run again, it goes on.
    """
    chosen = Filter(topic, kind, text)
    _make_sense(item, chosen, verdict, into, every=every)
    sub = house.person_id()
    wishes = [
        Wish(
            review, verdict, reason, into, same_again(sub, review, verdict, reason, into) if every else _new()
        )
        for review in _reviews(house, item, chosen)
    ]
    send = partial(_sign_and_send, read_key(key), kafka, sub) if key else partial(_ask, house, wait * every)
    with tallied("deciding", len(wishes), "Decisions on their way", as_json=house.as_json) as tally:
        asyncio.run(send(wishes, tally))


def _make_sense(item: str | None, chosen: Filter, verdict: Verdict, into: str | None, *, every: bool) -> None:
    if every == bool(item):
        raise Usage("Name one ITEM, or say --all.")
    if item and chosen != Filter():
        raise Usage("Filters go with --all, not with one ITEM.")
    if (verdict is Verdict.MERGE) != bool(into):
        raise Usage("Name the entry to merge into with --into, for merge and only for it.")


def _new() -> str:
    return str(uuid.uuid4())


def _reviews(house: House, item: str | None, chosen: Filter) -> list[dict[str, Any]]:
    if item:
        return [house.get(at("codify", "reviews", item))]
    return [one for one in house.pages(at("codify", "reviews"), state="open") if chosen.fits(one)]


async def _ask(house: House, wait: float, wishes: Sequence[Wish], tally: Tally) -> None:
    async with patient(house, wait, tally.moved) as client:
        await abreast(wishes, lambda wish: _ask_one(client, wish, tally), AT_ONCE)


async def _ask_one(client: Patient, wish: Wish, tally: Tally) -> None:
    path = at("codify", "reviews", wish.item_id, "decisions")
    answer = await client.ask("POST", path, json=wish.body(), headers={"Idempotency-Key": wish.jti})
    try:
        tally.done(wish.item_id, event_id=checked(answer)["event_id"])
    except Refused as stop:
        tally.refused(wish.item_id, stop)


async def _sign_and_send(key: str, kafka: str, sub: str, wishes: Sequence[Wish], tally: Tally) -> None:
    claims = [_claims(wish, sub) for wish in wishes]
    await produce(kafka, claims, key, lambda sent: tally.done(sent.item_id, event_id=sent.jti))


def _claims(wish: Wish, sub: str) -> DecisionClaims:
    now = int(time.time())
    return DecisionClaims(
        item_id=wish.item_id, sub=sub, jti=wish.jti, iat=now, exp=now + VALID_FOR, **wish.body()
    )
