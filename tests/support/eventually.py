"""Waits for what happens elsewhere, as short as possible and never for ever."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

_BETWEEN_TRIES = 0.02


@overload
async def eventually(check: Callable[[], Awaitable[T]], within: float = 10.0) -> T: ...
@overload
async def eventually(check: Callable[[], T], within: float = 10.0) -> T: ...
async def eventually(check: Callable[[], Any], within: float = 10.0) -> Any:
    """Try until the check holds, and give back its value.

    It holds when it raises no AssertionError and its value is true, or None: a check that only asserts says nothing more.

    Raises:
        AssertionError: it did not hold within these seconds; the last one that it raised.
    """
    deadline = time.monotonic() + within
    while True:
        try:
            return await _tried(check)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(_BETWEEN_TRIES)


async def _tried(check: Callable[[], Any]) -> Any:
    value = check()
    if inspect.isawaitable(value):
        value = await value
    assert value or value is None, f"{value!r} is not what was waited for"
    return value
