"""A service that would park too much stops itself, says so, and goes on when it is mended."""

from shared.flow.engine import Engine
from shared.settings import Settings
from tests.support.counting import Add, Counting, numbers_of
from tests.support.eventually import eventually
from tests.support.topics import committed, event, put


async def test_a_flood_is_held_and_reported_and_goes_on_when_mended(
    settings: Settings, counting: Counting
) -> None:
    counting.broken = set(range(150))
    said = [event(counting.added(item_id=str(n % 5), number=n)) for n in range(150)]

    await put(settings.kafka, counting.added.topic, said)
    async with counting.running(settings) as engine:
        await eventually(lambda: "would become dead letters" in engine.trouble(), within=20)
        group = f"knowhow.{counting.name}"
        assert await committed(settings.kafka, group, counting.added.topic) == 0
        assert engine.ear.parked == 0

        counting.broken.clear()
        await eventually(lambda: engine.trouble() == "", within=20)
        await eventually(lambda: _all_added(engine))
        assert engine.ear.parked == 0


async def test_requests_are_served_while_a_flood_is_held(settings: Settings, counting: Counting) -> None:
    counting.broken = set(range(150))
    said = [event(counting.added(item_id="a", number=n)) for n in range(150)]

    await put(settings.kafka, counting.added.topic, said)
    async with counting.running(settings) as engine:
        await eventually(lambda: "would become dead letters" in engine.trouble(), within=20)

        done = await engine.do(Add(item_id="b", number=1000))

        assert done.changed


async def test_what_the_rules_refuse_is_no_flood(settings: Settings, counting: Counting) -> None:
    wrong = [event(counting.added(item_id="a", number=-n)) for n in range(1, 151)]

    await put(settings.kafka, counting.added.topic, [*wrong, event(counting.added(item_id="b", number=1))])
    async with counting.running(settings) as engine:
        await eventually(lambda: engine.ear.parked == 150, within=20)

        await eventually(lambda: not engine.trouble())
        assert await numbers_of(engine, "b") == (1,)


async def test_little_poison_is_no_flood(settings: Settings, counting: Counting) -> None:
    counting.broken = set(range(0, 200, 20))
    said = [event(counting.added(item_id="a", number=n)) for n in range(200)]

    await put(settings.kafka, counting.added.topic, said)
    async with counting.running(settings) as engine:
        await eventually(lambda: engine.ear.parked == 10, within=20)

        await eventually(lambda: not engine.trouble())
        assert len(await numbers_of(engine, "a")) == 190


async def test_what_was_parked_before_is_no_flood_when_it_is_heard_again(
    settings: Settings, counting: Counting
) -> None:
    counting.broken = set(range(19))
    said = [event(counting.added(item_id="a", number=n), ("ce_id", f"{n}".encode())) for n in range(20)]

    async with counting.running(settings) as engine:
        await put(settings.kafka, counting.added.topic, said)
        await eventually(lambda: engine.ear.parked == 19, within=20)
        await put(settings.kafka, counting.added.topic, said * 3)

        await eventually(lambda: engine.ear.parked == 4 * 19, within=20)
        assert engine.trouble() == ""


async def _all_added(engine: Engine) -> None:
    assert [len(await numbers_of(engine, str(key))) for key in range(5)] == [30] * 5
