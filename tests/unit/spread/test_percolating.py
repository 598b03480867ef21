"""The percolator is asked about those only who follow one of the entry's topics."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

from services.spread.matching import Percolator
from tests.support.builders import spread_entry
from tests.support.subscribing import Followers


class Server:
    """Keeps what it is asked, and finds nothing."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def msearch(self, body: Sequence[Any]) -> dict[str, Any]:
        """Nothing, for each question."""
        self.asked += body[1::2]
        return {"responses": [{"hits": {"hits": []}} for _ in body[1::2]]}


async def test_only_those_who_follow_a_topic_that_takes_the_entry_in_are_asked() -> None:
    server, queries = Server(), SimpleNamespace(alias="queries")

    await Percolator(cast("Any", server), cast("Any", queries), cast("Any", Followers())).match(
        [spread_entry()]
    )

    [asked] = server.asked
    assert {"terms": {"topics": ["finance", "finance/tax"]}} in asked["query"]["bool"]["filter"]
