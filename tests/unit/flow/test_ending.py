"""Tasks end for certain."""

import asyncio
from contextlib import suppress

import pytest

from shared.flow import ending
from shared.flow.ending import end


async def test_a_task_that_swallows_its_cancellation_ends_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.01)

    async def stubborn() -> None:
        for _ in range(3):
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)

    await end([task])

    assert task.done()


async def test_tasks_that_ended_already_are_no_trouble() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    task = asyncio.create_task(broken())
    await asyncio.wait([task])

    await end([task])
    await end([])
