"""Group commit: requests that arrive together are stored together, and one's trouble is no other's."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from shared.flow.commands import LARGEST, Commands, Done
from shared.flow.errors import Passing
from shared.flow.fold import Job
from shared.flow.step import Refused
from shared.storage.document import Document
from tests.support.builders import CAUSE, item


class Wish(BaseModel):
    """A command, and how storing it goes."""

    goes: str = "well"


class Store:
    """Stands in for the flow: remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    async def store(self, jobs: Sequence[Job]) -> str:
        """Store the batch, unless one of its members says otherwise."""
        goes = [job.heard.goes for job in jobs]
        self.batches.append(goes)
        await asyncio.sleep(0)
        if "wrong" in goes:
            raise ZeroDivisionError
        if "away" in goes:
            raise Passing("The database is away.")
        for job in jobs:
            job.changes.add("items/item-1")
            if job.heard.goes == "refused":
                job.errors["a"] = Refused("No.")
        return "mark"


async def done(*goes: str) -> tuple[list[Any], list[list[str]]]:
    store: Any = Store()
    commands = Commands(store)
    asked = [asyncio.ensure_future(commands.do(Wish(goes=one))) for one in goes]
    await asyncio.sleep(0)
    running = asyncio.ensure_future(commands.run())
    answers = await asyncio.gather(*asked, return_exceptions=True)
    running.cancel()
    return [type(answer) for answer in answers], store.batches


async def test_requests_that_arrive_together_are_stored_together() -> None:
    answers, batches = await done("well", "well", "well")

    assert answers == [Done] * 3
    assert batches == [["well"] * 3]


async def test_a_batch_is_bounded() -> None:
    _, batches = await done(*["well"] * (LARGEST + 1))

    assert [len(batch) for batch in batches] == [LARGEST, 1]


async def test_a_refusal_is_for_whoever_asked() -> None:
    answers, batches = await done("well", "refused")

    assert answers == [Done, Refused]
    assert len(batches) == 1


async def test_a_bug_in_one_request_does_not_fail_its_neighbours() -> None:
    answers, batches = await done("well", "wrong", "well")

    assert answers == [Done, ZeroDivisionError, Done]
    assert batches[1:] == [["well"], ["wrong"], ["well"]]


async def test_while_the_database_is_away_everybody_is_told_at_once() -> None:
    answers, batches = await done("well", "away")

    assert answers == [Passing, Passing]
    assert len(batches) == 1


async def test_who_went_away_is_not_waited_for() -> None:
    store: Any = Store()
    commands = Commands(store)
    impatient = asyncio.ensure_future(commands.do(Wish()))
    await asyncio.sleep(0)
    impatient.cancel()
    running = asyncio.ensure_future(commands.run())

    assert await commands.do(Wish())

    running.cancel()
    assert impatient.cancelled()


def test_what_was_done_shows_the_state_that_was_written() -> None:
    job = Job(Wish(), CAUSE, documents={"items": Document("item-1", 2, item())}, changes={"items/item-1"})

    assert Done(job).changed
    assert Done(job).state("items") == item()
