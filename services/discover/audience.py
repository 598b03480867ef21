"""How what moved is shown: whole to the people of the house, and in general to everybody else."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from services.discover.shown import Moved
from shared.web.authors import AuthorKey

Show: TypeAlias = Callable[[Moved], Moved]


async def _show(request: Request, key: AuthorKey) -> Show:
    signed_in = request.state.person is not None
    return lambda step: step if signed_in else step.in_general(key)


Shown = Annotated[Show, Depends(_show)]
