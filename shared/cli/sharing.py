"""Commands that react to other people's items."""

import asyncio
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.abreast import abreast
from shared.cli.answers import checked
from shared.cli.house import House, at, given
from shared.cli.options import Comment, ItemId, Note, Outcome, Reason, Wait
from shared.cli.patient import AT_ONCE, Patient, patient
from shared.cli.stop import Refused
from shared.cli.tally import Tally, tallied

ItemIds = Annotated[list[str], typer.Argument(metavar="ITEM...", help="The ids of the items.")]


def endorse(house: House, item: ItemId, comment: Comment = None) -> None:
    """Vouch for somebody else's item; doing so again changes nothing."""
    _react(house, item, "endorsements", {"comment": comment}, "You vouch for it.")


def try_it(house: House, item: ItemId, outcome: Outcome, note: Note = None) -> None:
    """Tell what came of trying somebody else's item; a later try takes the place of an earlier one."""
    _react(house, item, "tries", {"outcome": outcome.value, "note": note}, "It is noted that you tried it.")


def nominate(house: House, items: ItemIds, reason: Reason = None, wait: Wait = 60) -> None:
    """Put other people's items forward for the library; doing so again changes nothing."""
    if len(items) == 1:
        _react(house, items[0], "nominations", {"reason": reason}, "It is put forward for the library.")
        return
    with tallied("nominating", len(items), "Items put forward", as_json=house.as_json) as tally:
        asyncio.run(_nominate_all(house, items, given({"reason": reason}), wait, tally))


def _react(house: House, item: str, what: str, wish: dict[str, str | None], sentence: str) -> None:
    answer = house.post(at("share", "items", item, what), given(wish))
    show.answer(answer, sentence, as_json=house.as_json)


async def _nominate_all(house: House, items: list[str], wish: Any, wait: float, tally: Tally) -> None:
    async with patient(house, wait, tally.moved) as client:
        await abreast(items, lambda item: _nominate(client, item, wish, tally), AT_ONCE)


async def _nominate(client: Patient, item: str, wish: Any, tally: Tally) -> None:
    answer = await client.ask("POST", at("share", "items", item, "nominations"), json=wish)
    try:
        tally.done(item, changed=checked(answer)["changed"])
    except Refused as stop:
        tally.refused(item, stop)
