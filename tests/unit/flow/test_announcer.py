"""What an announcer notices of a broker that forgets, from the offsets that it is told."""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any, cast

import pytest
from aiokafka.structs import RecordMetadata, TopicPartition

from shared.flow.announcement import Announcement
from shared.flow.announcer import AT_ONCE, Announcer
from tests.support.builders import CAUSE, NOW, captured

TOPIC = captured().topic
PLACE = (TOPIC, 0)


class Broker:
    """A producer whose records get these offsets."""

    def __init__(self, offsets: Iterator[int]) -> None:
        self.offsets = offsets
        self.client = self

    async def start(self) -> None:
        """It is there at once."""

    async def stop(self) -> None:
        """It needs no goodbye."""

    async def add_topic(self, _: str) -> None:
        """Every topic is there."""

    async def send(self, topic: str, *_: Any, **__: Any) -> "asyncio.Future[RecordMetadata]":
        """Take the record."""
        taken: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        taken.set_result(RecordMetadata(topic, 0, TopicPartition(topic, 0), next(self.offsets), 0, 0, 0))
        return taken


async def told(*offsets: int) -> Announcer:
    """An announcer that has announced once for each of these offsets."""
    announcer = Announcer(lambda: cast("Any", Broker(iter(offsets))), "discover")
    for number in range(len(offsets)):
        await announcer.announce([Announcement.of(captured(), f"items/i/{number}", CAUSE, NOW)])
    return announcer


async def test_the_last_record_of_each_place_is_known() -> None:
    announcer = await told(0, 1, 2)

    assert announcer.acked == {PLACE: (2, "/discover/items/i/2")}
    assert not announcer.lost


@pytest.mark.parametrize("offset", [0, 5])
async def test_an_offset_that_was_given_away_before_means_that_the_log_was_lost(offset: int) -> None:
    announcer = await told(5, offset)

    assert announcer.lost


async def test_after_a_silence_the_record_before_it_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.flow.announcer.SILENCE", -1.0)

    announcer = await told(5, 9, 10)

    assert announcer.doubtful == {(PLACE, (5, "/discover/items/i/0")), (PLACE, (9, "/discover/items/i/1"))}


async def test_without_a_silence_nothing_is_in_doubt() -> None:
    announcer = await told(5, 9, 10)

    assert announcer.doubtful == set()


async def test_what_is_announced_again_leaves_no_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.flow.announcer.SILENCE", -1.0)
    announcer = await told(5, 9)

    await announcer.begin_anew()

    assert (announcer.acked, announcer.doubtful, announcer.lost) == ({}, set(), False)


class SlowBroker(Broker):
    """A producer whose records are acknowledged a moment later; `most` is how many were ever under way at once."""

    def __init__(self) -> None:
        super().__init__(count())
        self.under_way = self.most = 0

    async def send(self, topic: str, *said: Any, **headers: Any) -> "asyncio.Future[RecordMetadata]":
        """Take the record, and acknowledge it soon."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        taken = await super().send(topic, *said, **headers)
        later: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.01, self._acknowledge, later, taken.result())
        return later

    def _acknowledge(self, later: "asyncio.Future[RecordMetadata]", ack: RecordMetadata) -> None:
        self.under_way -= 1
        later.set_result(ack)


async def test_a_backlog_of_any_size_goes_out_in_pieces_that_are_acknowledged_in_time() -> None:
    broker = SlowBroker()
    announcer = Announcer(lambda: cast("Any", broker), "discover")

    await announcer.announce(
        [Announcement.of(captured(), f"items/i/{n}", CAUSE, NOW) for n in range(2 * AT_ONCE + 1)]
    )

    assert broker.most == AT_ONCE
    assert announcer.acked == {PLACE: (2 * AT_ONCE, f"/discover/items/i/{2 * AT_ONCE}")}
