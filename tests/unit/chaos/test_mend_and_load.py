"""What the harness does after the faults cannot pass by failing."""

from typing import Any, cast

import pytest

from tests.chaos.client import Client
from tests.chaos.history import Outcome
from tests.chaos.load import Load
from tests.chaos.mend import NOT_SHOWN, replay_all


class TwoServices:
    """Answers like discover, which has a letter or none, and like share, which may be away."""

    services = ("discover", "share")
    give_up_after = 0.01

    def __init__(self, *, away: bool, letters: int = 0) -> None:
        self.town = self
        self.away = away
        self.letters = letters

    async def restart(self, **_: str) -> None:
        """Nothing to start."""

    async def get(self, _: str, service: str, __: str) -> Any:
        if service == "share":
            return None if self.away else {"items": []}
        return {"items": [{"id": "1"}] * self.letters}

    async def once(self, *_: Any) -> tuple[Outcome, int, Any]:
        return Outcome.FAILED, 409, None


@pytest.mark.parametrize(("away", "letters", "left"), [(False, 0, 0), (False, 1, 1), (True, 1, NOT_SHOWN)])
async def test_a_list_that_is_not_shown_is_not_empty(*, away: bool, letters: int, left: int) -> None:
    assert await replay_all(cast("Client", TwoServices(away=away, letters=letters))) == left


async def test_an_error_in_anything_that_was_begun_ends_the_run() -> None:
    async def breaks() -> None:
        raise LookupError("no id")

    load = Load(cast("Client", None), 1, 1.0, 1)
    load.begin(breaks())

    with pytest.raises(LookupError, match="no id"):
        await load.finish()
