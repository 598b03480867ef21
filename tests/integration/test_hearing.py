"""What is heard is heard once in effect, in order, and whatever cannot be heard holds nobody else up."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest

from shared.flow.dead_letters import DEAD_LETTERS, ON_THE_LIST, DeadLetter, DiscardLetter, HeardAfterAll
from shared.flow.engine import Engine, Service
from shared.flow.kafka import FIRST_BATCH
from shared.flow.step import On, Refused
from shared.settings import Settings
from shared.storage.documents import Query
from tests.support.counting import SUMS, Added, Counting, all_heard, numbers_of
from tests.support.eventually import eventually
from tests.support.topics import Raw, committed, event, on_topic, put, spread_over

ADDED = ("ce_type", b"Added")
GOOD = json.dumps({"item_id": "poison", "number": 7}).encode()
POISON = {
    "bad JSON": Raw(b'{"item_id": ', [ADDED]),
    "no JSON at all": Raw(b"\xff\xfe\x00", [ADDED, ("bytes", b"\xff\xfe"), ("nothing", None)]),
    "no value": Raw(None, [ADDED], b"a"),
    "a missing field": Raw(b'{"item_id": "a"}', [ADDED]),
    "a wrong type": Raw(b'{"item_id": "a", "number": "many"}', [ADDED]),
    "what the rules refuse": Raw(b'{"item_id": "a", "number": -1}', [ADDED]),
    "a step that raises": Raw(b'{"item_id": "a", "number": 13}', [ADDED], b"a"),
    "what no document can hold": Raw(b'{"item_id": "a", "number": 99999999999999999999}', [ADDED]),
    "a megabyte": Raw(b"x" * 1_000_000, [ADDED]),
    "broken headers": Raw(
        b"[]", [ADDED, ("traceparent", b"\xff"), ("ce_time", b"yesterday"), ("ce_id", None)]
    ),
}


class Weighing(Counting):
    """Keeps how many events came together."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sizes: list[int] = []
        self.rest = 0.0

    @property
    def service(self) -> Service:
        """What an engine must know of it."""
        return replace(super().service, rest=self.rest)

    @property
    def rows(self) -> tuple[On, ...]:
        """One row, whose lookup is asked once a batch."""
        return (On(self.added, self.add, into=SUMS, given=self._weigh),)

    async def _weigh(self, _: object, heard: Sequence[Added]) -> list[None]:
        self.sizes.append(len(heard))
        return [None] * len(heard)


async def letters_of(engine: Engine) -> dict[str, DeadLetter]:
    """The dead letters that an operator still has to see to, by their ids."""
    page = await engine.documents.page(DEAD_LETTERS, Query(ON_THE_LIST, limit=1000))
    return {document.id: document.known for document in page.documents}


async def heard_of(engine: Engine, items: str) -> None:
    """Assert that something was heard of each item."""
    assert all([await numbers_of(engine, item) for item in items])


async def test_the_same_event_twice_changes_nothing(settings: Settings, counting: Counting) -> None:
    said = [event(counting.added(item_id="a", number=number)) for number in (1, 2, 1, 1, 2)]

    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, said)
        await _all_committed(settings, counting, 5)
        await put(settings.kafka, counting.added.topic, said)
        await _all_committed(settings, counting, 10)

        assert await numbers_of(engine, "a") == (1, 2)
        assert len(await on_topic(settings.kafka, counting.summed.topic)) == 2


async def test_a_thousand_events_are_heard_in_order_for_each_key(
    settings: Settings, counting: Counting
) -> None:
    said = [event(counting.added(item_id=str(n % 7), number=n)) for n in range(1001)]
    await put(settings.kafka, counting.added.topic, said)

    async with counting.running(settings) as engine:

        async def heard() -> None:
            assert await all_heard(engine) == {str(key): tuple(range(1, 144)) for key in range(7)}

        await eventually(heard, within=30)
        assert [await numbers_of(engine, str(key)) for key in range(7)] == [
            tuple(range(key, 1001, 7)) for key in range(7)
        ]


async def test_a_life_begins_with_small_batches_so_that_a_short_one_gets_further_too(
    settings: Settings, counting: Counting
) -> None:
    weighing = Weighing(counting.name)
    said = [event(weighing.added(item_id="a", number=number)) for number in range(500)]
    await put(settings.kafka, weighing.added.topic, said)

    async with weighing.running(settings):
        await _all_committed(settings, weighing, 500)

    assert all(size <= FIRST_BATCH * 2**heard for heard, size in enumerate(weighing.sizes))
    assert max(weighing.sizes) > FIRST_BATCH


async def test_whoever_rests_after_a_message_hears_together_what_came_meanwhile(
    settings: Settings, counting: Counting
) -> None:
    weighing = Weighing(counting.name)
    weighing.rest = 4.0
    topic = weighing.added.topic
    await spread_over(settings.kafka, [topic], 2)

    async with weighing.running(settings) as engine:
        for count, item in enumerate("abcdef", 1):
            await put(settings.kafka, topic, [event(weighing.added(item_id=item, number=count))])
            if count == 1:
                await _all_committed(settings, weighing, 1)
        await eventually(lambda: heard_of(engine, "abcdef"), within=20)

    # What the client has fetched of a partition it fetches no more of, and so they need not all come at once.
    assert weighing.sizes[0] == 1 < weighing.sizes[1]


async def test_nobody_rests_while_more_waits(settings: Settings, counting: Counting) -> None:
    weighing = Weighing(counting.name)
    weighing.rest = 60.0
    said = [event(weighing.added(item_id="a", number=number)) for number in range(FIRST_BATCH * 3)]
    await put(settings.kafka, weighing.added.topic, said)

    async with weighing.running(settings):
        await _all_committed(settings, weighing, len(said))

    assert weighing.sizes == [FIRST_BATCH, FIRST_BATCH * 2]


async def test_what_the_table_does_not_name_is_skipped_and_counted(
    settings: Settings, counting: Counting
) -> None:
    unknown = [Raw(GOOD, [("ce_type", b"Unheard")]), Raw(GOOD), Raw(GOOD, [("ce_type", None)])]
    await put(settings.kafka, counting.added.topic, unknown)

    async with counting.running(settings) as engine:
        await eventually(lambda: engine.ear.skipped == len(unknown))
        await _all_committed(settings, counting, len(unknown))

        assert await letters_of(engine) == {}


async def test_what_is_said_on_a_topic_other_than_its_own_is_skipped_and_counted(
    settings: Settings, counting: Counting
) -> None:
    forged = [event(counting.summed(item_id="a", count=1, total=1))]
    await put(settings.kafka, counting.added.topic, forged)

    async with counting.running(settings) as engine:
        await eventually(lambda: engine.ear.skipped == len(forged))

        assert await all_heard(engine) == {}


@pytest.mark.parametrize("name", POISON)
async def test_poison_holds_nobody_up_and_keeps_its_bytes(
    settings: Settings, counting: Counting, name: str
) -> None:
    poison = POISON[name]
    counting.broken.add(13)
    neighbours = [event(counting.added(item_id="n", number=number)) for number in (1, 2)]

    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [neighbours[0], poison, neighbours[1]])
        await _all_committed(settings, counting, 3)
        [kept] = (await letters_of(engine)).values()

        assert await numbers_of(engine, "n") == (1, 2)
        assert (kept.value, kept.key) == (poison.value or b"", poison.key or b"")
        assert kept.headers == tuple((key, value or b"") for key, value in poison.headers)
        assert (kept.topic, bool(kept.reason)) == (counting.added.topic, True)
        await eventually(lambda: not engine.trouble())


async def test_poison_is_on_the_dead_letter_topic(settings: Settings, counting: Counting) -> None:
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [POISON["bad JSON"], POISON["a megabyte"]])
        await eventually(lambda: engine.ear.parked == 2)

        said = await on_topic(settings.kafka, f"{counting.added.topic}.dead.{counting.name}")
    small, large = sorted((json.loads(one.value or b"") for one in said), key=lambda one: one["offset"])
    assert base64.b64decode(small["value_base64"]) == POISON["bad JSON"].value
    assert small["reason"].startswith("Refused: Not a valid Added")
    assert large["value_base64"] is None


async def test_a_flawless_event_among_poison_is_not_lost(settings: Settings, counting: Counting) -> None:
    counting.broken.add(13)
    good = [event(counting.added(item_id="n", number=100 + number)) for number in range(200)]
    mixed = [one for pair in zip(POISON.values(), good[: len(POISON)], strict=True) for one in pair]

    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, mixed + good[len(POISON) :])
        await eventually(lambda: engine.ear.parked == len(POISON), within=20)
        await _all_committed(settings, counting, 200 + len(POISON))

        assert len(await numbers_of(engine, "n")) == 200
        assert len(await letters_of(engine)) == len(POISON)


async def test_replaying_after_the_mend_empties_the_list(settings: Settings, counting: Counting) -> None:
    counting.broken.add(13)
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [POISON["a step that raises"]])
        [(key, kept)] = (await eventually(lambda: letters_of(engine))).items()
        counting.broken.clear()
        await _replay(engine, key, kept)

        assert await letters_of(engine) == {}
        assert await numbers_of(engine, "a") == (13,)
        await eventually(lambda: _heard(engine, "a"))


async def test_replaying_before_the_mend_keeps_the_letter(settings: Settings, counting: Counting) -> None:
    counting.broken.add(13)
    async with counting.running(settings) as engine:
        await put(
            settings.kafka, counting.added.topic, [POISON["a step that raises"], POISON["a missing field"]]
        )
        await eventually(lambda: engine.ear.parked == 2)

        for key, kept in (await letters_of(engine)).items():
            with pytest.raises((ZeroDivisionError, Refused)):
                await _replay(engine, key, kept)

        assert len(await letters_of(engine)) == 2


async def test_what_is_discarded_leaves_the_list_for_good(settings: Settings, counting: Counting) -> None:
    refused = POISON["what the rules refuse"]
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [refused, POISON["bad JSON"]])
        await eventually(lambda: engine.ear.parked == 2)
        letters = await letters_of(engine)
        [key] = [key for key, kept in letters.items() if kept.value == refused.value]
        await engine.do(DiscardLetter(letter_id=key, by="admin", reason="The sender knows."))

        assert set(await letters_of(engine)) == set(letters) - {key}

        await engine.ear.hear([SimpleNamespace(**dict(letters[key]))])

        assert set(await letters_of(engine)) == set(letters) - {key}


async def test_what_was_discarded_can_still_be_replayed(settings: Settings, counting: Counting) -> None:
    counting.broken.add(13)
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [POISON["a step that raises"]])
        [(key, kept)] = (await eventually(lambda: letters_of(engine))).items()
        await engine.do(DiscardLetter(letter_id=key, by="admin", reason="Nobody misses it."))
        counting.broken.clear()
        await _replay(engine, key, kept)

        assert await letters_of(engine) == {}
        assert await numbers_of(engine, "a") == (13,)


async def test_a_letter_that_was_stored_before_there_was_discarding_is_on_the_list(
    settings: Settings, counting: Counting
) -> None:
    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, [POISON["bad JSON"]])
        letters = await eventually(lambda: letters_of(engine))
        stored = engine.documents.database[DEAD_LETTERS.name]
        await stored.update_many({}, {"$unset": {"state.discarded": ""}})

        assert await letters_of(engine) == letters


async def _replay(engine: Engine, key: str, kept: DeadLetter) -> None:
    await engine.ear.hear_again(SimpleNamespace(**dict(kept)))
    await engine.do(HeardAfterAll(letter_id=key))


async def _heard(engine: Engine, item_id: str) -> bool:
    return item_id in await all_heard(engine)


async def _all_committed(settings: Settings, counting: Counting, count: int) -> None:
    async def done() -> None:
        group = f"knowhow.{counting.name}"
        assert await committed(settings.kafka, group, counting.added.topic) == count

    await eventually(done)
