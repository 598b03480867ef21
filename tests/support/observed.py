"""A journey that is observed as an operator would: its log lines, its spans, and its metrics at the end."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts.codify import DecideReview
from shared.identity.policy import SERVICES
from tests.support.collector import Collector, collector
from tests.support.eventually import eventually
from tests.support.house import House, running
from tests.support.round import appoint_tomas, reviewed, there
from tests.support.topics import event, put

SAID = {
    "title": "Quixotic ledgers",
    "body": "Zanzibarian invoices first, then the peregrine ones.",
    "comment": "Flabbergasting at month end",
    "note": "Halcyon weeks since",
    "learned": "Serendipitous totals need a second look",
}
"""What people write on the journey, in words that nothing else uses."""


@dataclass
class Observed:
    """What there was to see of two items' journeys, and of a decision that nobody signed."""

    items: list[str] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    collector: Collector = field(default_factory=Collector)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)

    def lines(self, said: str) -> list[dict[str, Any]]:
        """The log lines with this message."""
        return [line for line in self.log if line["said"] == said]


@asynccontextmanager
async def observed(data: Path) -> AsyncIterator[Observed]:
    """A house that has been observed on a whole journey, and is closed by now."""
    with collector() as spans, pytest.MonkeyPatch.context() as environment:
        environment.setenv("KNOWHOW_OTLP", spans.url)
        environment.setenv("KNOWHOW_LOG_LEVEL", "info")
        seen = Observed(collector=spans)
        async with running(data) as house:
            await _journey(house, seen)
            seen.metrics = {service: await scraped(house, service) for service in SERVICES}
            await house.stop()
        seen.log = [json.loads(line) for line in (data / "logs" / "services.log").read_text().splitlines()]
        yield seen


async def scraped(house: House, service: str) -> dict[str, float]:
    """A service's samples, each under its name and labels as Prometheus writes them."""
    text = (await house.client.get(f"/{service}/metrics")).text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {_written(one.name, one.labels): one.value for one in samples}


def _written(name: str, labels: dict[str, str]) -> str:
    within = ",".join(f"{key}={value}" for key, value in sorted(labels.items()) if key != "service")
    return f"{name}{{{within}}}" if within else name


async def _journey(house: House, seen: Observed) -> None:
    await appoint_tomas(house)
    await house.post("ines", "/spread/subscriptions", {"department": "finance", "topics": ["finance"]})
    for person, attribution in (("bruno", "named"), ("lena", "anonymous")):
        seen.items.append(await _captured(house, person, attribution))
    for item in seen.items:
        await house.post("kofi", f"/share/items/{item}/endorsements", {"comment": SAID["comment"]})
        await reviewed(house, item)
        await there(house, f"/codify/entries/{item}")
    await eventually(lambda: _delivered(house, seen.items), within=30)
    told = {name: SAID[name] for name in ("note", "learned")}
    for item in seen.items:
        wish = {"department": "finance", "outcome": "worked", **told}
        await house.post("ines", f"/spread/entries/{item}/adoptions", wish)
    await _forge(house, seen.items[0])


async def _captured(house: House, person: str, attribution: str) -> str:
    wish = {"kind": "prompt", "topics": ["finance/tax"], "attribution": attribution}
    wish |= {"title": SAID["title"], "body": f"{SAID['body']} {attribution}"}
    item = await house.post(person, "/discover/items", wish)
    await there(house, f"/share/items/{item['id']}")
    return str(item["id"])


async def _delivered(house: House, items: list[str]) -> None:
    for item in items:
        assert "EntryDelivered" in await house.kinds_of_steps(item)


async def _forge(house: House, item: str) -> None:
    forged = DecideReview(item_id=item, jws="bm8.c2lnbmF0dXJl.Kofi")
    await put(house.kafka, f"{house.prefix}{DecideReview.topic}", [event(forged)])

    async def parked() -> None:
        assert (await house.ask("admin", "GET", "/codify/dead-letters")).json()["items"]

    await eventually(parked)
