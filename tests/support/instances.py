"""Instances of the counting service as processes, which may be killed, and whether everything came out right."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.flow.lanes import LANES
from shared.settings import Settings
from shared.storage.documents import Documents, Query
from shared.storage.drivers import AWAY, close, connect
from tests.support.counting import NOTES, SUMS, Counting
from tests.support.processes import start_python
from tests.support.topics import Raw, event, on_topic


@dataclass(frozen=True)
class Load:
    """So many items, to each of which so many numbers are added."""

    counting: Counting
    items: int
    each: int

    def said(self) -> list[Raw]:
        """All numbers of all items, in turns."""
        numbered = [(number, f"i{item}") for number in range(self.each) for item in range(self.items)]
        return [event(self.counting.added(item_id=item, number=number)) for number, item in numbered]

    async def see_everything(self, settings: Settings, documents: Documents) -> None:
        """Assert that everything was stored once, said in order, and heard."""
        try:
            await self._see_what_is_stored(documents)
        except AWAY as error:
            raise AssertionError("The database is too busy to tell.") from error
        await self._see_what_was_said(settings)

    async def _see_what_is_stored(self, documents: Documents) -> None:
        everything = Query(limit=self.items + 1)
        sums = (await documents.page(SUMS, everything)).documents
        notes = (await documents.page(NOTES, everything)).documents
        assert (len(sums), len(notes)) == (self.items, self.items), (
            f"{len(sums)} and {len(notes)} items so far"
        )
        _assert_all({one.id: one.known.numbers for one in sums}, range(self.each))
        _assert_all({one.id: one.known.counts for one in notes}, range(1, self.each + 1))

    async def _see_what_was_said(self, settings: Settings) -> None:
        said: dict[bytes | None, list[int]] = {}
        for record in await on_topic(settings.kafka, self.counting.summed.topic):
            said.setdefault(record.key, []).append(json.loads(record.value or b"")["count"])
        assert len(said) == self.items
        assert all(list(dict.fromkeys(counts)) == list(range(1, self.each + 1)) for counts in said.values())


def _assert_all(found: Mapping[str, Sequence[int]], expected: Sequence[int]) -> None:
    wrong = {key: numbers for key, numbers in found.items() if list(numbers) != list(expected)}
    assert not wrong, f"{len(wrong)} items are not as they should be: {list(wrong.items())[:3]}"


@asynccontextmanager
async def process(
    settings: Settings, counting: Counting, instance: str = "0"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process, which is killed at the end of the block."""
    known = settings.model_copy(update={"instance": instance}).model_dump(mode="json")
    known |= {"author_key": "unused" * 8, "gateway_key": "unused"}
    started = await start_python("-m", "tests.support.counting_process", counting.name, json.dumps(known))
    try:
        assert started.stdout
        assert await started.stdout.readline() == b"ready\n"
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@asynccontextmanager
async def stored(settings: Settings, counting: Counting) -> AsyncIterator[Documents]:
    """What the service has stored."""
    client = connect(settings.mongodb, settings.driver)
    try:
        yield Documents(client[f"{settings.prefix}knowhow_{counting.name}"])
    finally:
        await close(client)


async def at_least(documents: Documents, count: int) -> None:
    """Assert that so many numbers are stored."""
    rows = await documents.database[SUMS.name].find({}, {"state.numbers": 1}).to_list(None)
    assert sum(len(row["state"]["numbers"]) for row in rows) >= count


async def all_hear(documents: Documents, instances: Iterable[str]) -> None:
    """Assert that each of the instances has heard something and said what came of it."""
    rows = await documents.database[LANES].find({"done": {"$gt": ""}}, {"_id": 1}).to_list(None)
    quiet = {f"{name}.heard" for name in instances} - {row["_id"] for row in rows}
    assert not quiet, f"{', '.join(sorted(quiet))} have said nothing yet"
