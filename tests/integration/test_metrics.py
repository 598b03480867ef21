"""Metrics move with a running engine, cost the servers little, and tell nothing that they do not know."""

import asyncio

from prometheus_client import CollectorRegistry

from shared.flow.dead_letters import DEAD_LETTERS, DiscardLetter
from shared.flow.engine import Engine
from shared.flow.measuring import Measuring
from shared.observability.metrics import LAG, Measured
from shared.settings import Settings
from shared.storage.documents import Query
from tests.support.counting import Add, Counting, Mute, numbers_of
from tests.support.eventually import eventually
from tests.support.topics import Raw, event, put

ADDED = ("ce_type", b"Added")


class Silent(Engine):
    """An engine whose broker does not answer."""

    asked_for = 0

    async def lag(self) -> dict[str, int]:
        """Never come back."""
        self.asked_for += 1
        await asyncio.Event().wait()
        return {}


class Far(Engine):
    """An engine that counts how often its broker is asked."""

    asked_for = 0

    async def lag(self) -> dict[str, int]:
        """Seven messages wait."""
        self.asked_for += 1
        return {"t": 7}


def value(engine: Engine, name: str, **labels: str) -> float | None:
    registry: CollectorRegistry = engine.observer.metrics.registry
    return registry.get_sample_value(name, {"service": engine.name, **labels})


async def test_what_is_heard_skipped_and_parked_is_counted(settings: Settings, counting: Counting) -> None:
    said = [event(counting.added(item_id="a", number=number)) for number in (1, 2, 3)]
    strange = [Raw(b"{", [ADDED]), Raw(b"{}", [("ce_type", b"Unheard")])]

    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [*said, *strange])
        await eventually(lambda: value(engine, "knowhow_parked_total") == 1)
        await eventually(lambda: value(engine, "knowhow_skipped_total") == 1)
        await Measuring(engine).now()

        assert value(engine, "knowhow_dead_letters") == 1
        assert (value(engine, "knowhow_batch_messages_sum", lane="heard") or 0) >= 4
        assert (value(engine, "knowhow_batch_seconds_sum", lane="heard") or 0) > 0


async def test_a_dead_letter_is_counted_until_it_is_discarded(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [Raw(b"{", [ADDED]), Raw(b"[", [ADDED])])
        await eventually(lambda: engine.ear.parked == 2)
        [one, _] = (await engine.documents.page(DEAD_LETTERS, Query())).documents
        await engine.do(DiscardLetter(letter_id=one.id, by="admin", reason="The sender knows."))
        await Measuring(engine).now()

        assert value(engine, "knowhow_dead_letters") == 1


async def test_requests_that_are_stored_together_are_counted(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        await asyncio.gather(*(engine.do(Add(item_id="a", number=number)) for number in range(20)))

        assert value(engine, "knowhow_batch_messages_sum", lane="asked") == 20
        assert 1 <= (value(engine, "knowhow_batch_messages_count", lane="asked") or 0) < 20


async def test_what_a_mute_engine_has_not_said_is_pending_and_grows_old(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings, kind=Mute) as engine:
        for number in (1, 2):
            await engine.do(Add(item_id=str(number), number=number))
        await Measuring(engine).now()
        first = value(engine, "knowhow_pending_oldest_seconds") or 0

        assert value(engine, "knowhow_pending_documents") == 2
        assert first > 0

        await Measuring(engine).now()
        assert (value(engine, "knowhow_pending_oldest_seconds") or 0) > first


async def test_nothing_is_pending_once_everything_is_said(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        await engine.do(Add(item_id="a", number=1))
        await eventually(lambda: not engine.behind and engine.heard.lanes.own.done)

        async def nothing() -> None:
            await Measuring(engine).now()
            assert value(engine, "knowhow_pending_documents") == 0

        await eventually(nothing)
        assert value(engine, "knowhow_pending_oldest_seconds") == 0
        assert await numbers_of(engine, "a") == (1,)


async def test_what_waits_on_a_topic_is_its_lag(settings: Settings, counting: Counting) -> None:
    counting.broken.add(13)
    bug = event(counting.added(item_id="a", number=13))
    # A hundred in a row are a flood: the batch is held, and stays on the topic.
    await put(settings.kafka, counting.added.topic, [bug] * 100)

    async with counting.running(settings) as engine:
        await eventually(lambda: (value(engine, "knowhow_held_total") or 0) > 0, within=30)
        await put(settings.kafka, counting.added.topic, [bug] * 5)

        async def behind() -> None:
            await Measuring(engine).now()
            assert (value(engine, "knowhow_lag_messages", topic=counting.added.topic) or 0) >= 5

        await eventually(behind)
        assert value(engine, "knowhow_ready") == 0


async def test_scraping_again_at_once_asks_nobody(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings, kind=Far) as engine:
        measuring = Measuring(engine)
        await asyncio.gather(*(measuring.now() for _ in range(50)))

        assert isinstance(engine, Far)
        assert engine.asked_for == 1
        assert value(engine, "knowhow_lag_messages", topic="t") == 7


async def test_what_does_not_answer_in_time_is_left_out_and_counted(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings, kind=Silent) as engine:
        engine.observer.metrics.show([Measured(LAG, 3, {"topic": "t"})])
        await Measuring(engine).now()

        assert value(engine, "knowhow_lag_messages", topic="t") is None
        assert value(engine, "knowhow_not_measured_total") == 1
        assert value(engine, "knowhow_dead_letters") == 0


async def test_an_engine_that_never_started_still_answers(settings: Settings, counting: Counting) -> None:
    engine = Engine(counting.service, settings)

    await Measuring(engine).now()

    assert value(engine, "knowhow_ready") is None
    assert (value(engine, "knowhow_not_measured_total") or 0) > 0
