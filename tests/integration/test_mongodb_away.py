"""While MongoDB is away nothing is lost and nobody waits for long; when it is back, everything goes on by itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from deploy.local.servers import Servers, embedded
from shared.flow.errors import Passing
from shared.settings import Settings
from tests.support.counting import Add, Counting, accepted, all_heard, numbers_of
from tests.support.eventually import eventually
from tests.support.processes import stalled
from tests.support.topics import event, on_topic, put

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""PyMongo leaves it to the garbage collector to close sockets of a server that died."""


@pytest.fixture
async def own(tmp_path: Path, addresses: Mapping[str, str]) -> AsyncIterator[Servers]:
    """A MongoDB of the test's own, to do harm to."""
    async with embedded(tmp_path, {**addresses, "mongodb": ""}) as servers:
        yield servers


@pytest.fixture(params=["motor", "pymongo"])
def here(settings: Settings, own: Servers, request: pytest.FixtureRequest) -> Settings:
    """Settings for that MongoDB, with either driver."""
    return settings.model_copy(update={"mongodb": own["mongodb"], "driver": request.param})


async def test_what_is_asked_while_it_is_down_is_told_to_come_again(
    here: Settings, own: Servers, counting: Counting
) -> None:
    async with counting.running(here) as engine:
        await engine.do(Add(item_id="a", number=1))
        await own.kill("mongodb")

        answers = await asyncio.gather(
            *(engine.do(Add(item_id="a", number=number)) for number in range(2, 12)), return_exceptions=True
        )

        assert [type(one) for one in answers] == [Passing] * 10
        await own.start("mongodb")
        await eventually(lambda: accepted(engine, Add(item_id="a", number=100)))


async def test_what_is_asked_while_it_is_stalled_is_told_to_come_again(
    here: Settings, own: Servers, counting: Counting
) -> None:
    async with counting.running(here) as engine:
        await engine.do(Add(item_id="a", number=1))

        async with stalled(own.embedded["mongodb"].pid):
            with pytest.raises(Passing):
                await engine.do(Add(item_id="a", number=2))

        await eventually(lambda: accepted(engine, Add(item_id="a", number=2)))
        await eventually(lambda: not engine.trouble())


async def test_what_is_said_while_it_is_down_is_heard_when_it_is_back(
    here: Settings, own: Servers, counting: Counting
) -> None:
    async with counting.running(here) as engine:
        await engine.do(Add(item_id="a", number=0))
        await own.kill("mongodb")
        said = [event(counting.added(item_id="a", number=number)) for number in range(1, 50)]
        await put(here.kafka, counting.added.topic, said)
        await eventually(lambda: "A batch is held" in engine.trouble())

        await own.start("mongodb")

        async def heard() -> None:
            assert await numbers_of(engine, "a") == tuple(range(50))
            assert await all_heard(engine) == {"a": tuple(range(1, 51))}

        await eventually(heard, within=20)
        await eventually(lambda: engine.trouble() == "")
        assert engine.ear.parked == 0


async def test_whatever_was_stored_is_said_however_often_it_stalls(
    here: Settings, own: Servers, counting: Counting
) -> None:
    async with counting.running(here) as engine:
        for turn in range(3):
            wishes = [engine.do(Add(item_id=f"{turn}-{n}", number=n)) for n in range(100)]
            asking = asyncio.gather(*wishes, return_exceptions=True)
            async with stalled(own.embedded["mongodb"].pid):
                await asking
        await eventually(lambda: engine.trouble() == "", within=20)
        await eventually(lambda: accepted(engine, Add(item_id="last", number=1)))

        async def all_said() -> None:
            stored = await engine.documents.count(counting.rows[0].into, {})
            assert len({one.key for one in await on_topic(here.kafka, counting.summed.topic)}) == stored

        await eventually(all_said, within=20)
