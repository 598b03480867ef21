"""Commands that react to somebody else's item."""

from shared.cli import show
from shared.cli.house import House, at, given
from shared.cli.options import Comment, ItemId, Note, Outcome, Reason


def endorse(house: House, item: ItemId, comment: Comment = None) -> None:
    """Vouch for somebody else's item; doing so again changes nothing."""
    _react(house, item, "endorsements", {"comment": comment}, "You vouch for it.")


def try_it(house: House, item: ItemId, outcome: Outcome, note: Note = None) -> None:
    """Tell what came of trying somebody else's item; a later try takes the place of an earlier one."""
    _react(house, item, "tries", {"outcome": outcome.value, "note": note}, "It is noted that you tried it.")


def nominate(house: House, item: ItemId, reason: Reason = None) -> None:
    """Put somebody else's item forward for the library."""
    _react(house, item, "nominations", {"reason": reason}, "It is put forward for the library.")


def _react(house: House, item: str, what: str, wish: dict[str, str | None], sentence: str) -> None:
    answer = house.post(at("share", "items", item, what), given(wish))
    show.answer(answer, sentence, as_json=house.as_json)
