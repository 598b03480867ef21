"""Commands for what could not be heard."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.house import SERVICES, House, at
from shared.cli.options import Limit, Service
from shared.cli.stop import Code, Refused, Usage

Letter = Annotated[str, typer.Argument(metavar="LETTER", help="The dead letter's id.")]
Letters = Annotated[list[str] | None, typer.Argument(metavar="[LETTER]...", help="The dead letters' ids.")]
Chosen = Annotated[list[str], typer.Argument(metavar="LETTER...", help="The dead letters' ids.")]
Why = Annotated[str, typer.Option("--reason", help="Why nobody need see to it any more.")]
Every = Annotated[bool, typer.Option("--all", help="Replay all of them.")]

LETTER: show.Columns = {
    "id": lambda one: one["id"],
    "service": lambda one: one["service"],
    "topic": lambda one: one["topic"],
    "parked": lambda one: one["parked_at"],
    "reason": lambda one: one["reason"],
}
TOLD: show.Columns = {
    "id": lambda one: one["id"],
    "service": lambda one: one["service"],
    "outcome": lambda one: one["outcome"],
    "why": lambda one: one.get("detail"),
}


def show_all(house: House, service: Service = None, limit: Limit = 0) -> None:
    """List what could not be heard, and was neither heard since nor discarded, the oldest first."""
    found = (letter for one in services(service) for letter in _parked(house, one, limit))
    show.listing(found, LETTER, as_json=house.as_json)


def show_one(house: House, letter: Letter, service: Service = None) -> None:
    """Show one dead letter whole, with its original headers and value."""
    found = _found(house, letter, service)
    if house.as_json:
        show.document(found)
    else:
        show.details(found)


def replay(house: House, letters: Letters = None, *, every: Every = False, service: Service = None) -> None:
    """Hear messages again; each leaves the list when that succeeds."""
    if every == bool(letters):
        raise Usage("Name dead letters, or say --all.")
    chosen = _all(house, service) if every else [_found(house, letter, service) for letter in letters or ()]
    _tell(house, [_asked(house, letter, "replay", "heard") for letter in chosen])


def discard(house: House, letters: Chosen, reason: Why, service: Service = None) -> None:
    """Take messages off the list unheard, such as refused decisions; each is kept, and can still be replayed by its id."""
    chosen = [_found(house, letter, service) for letter in letters]
    _tell(house, [_asked(house, letter, "discard", "discarded", {"reason": reason}) for letter in chosen])


def services(service: str | None) -> tuple[str, ...]:
    """The one service that is named, or all of them.

    Raises:
        Usage: there is no such service.
    """
    if service not in (None, *SERVICES):
        raise Usage(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    return (service,) if service else SERVICES


def _parked(house: House, service: str, limit: int = 0) -> Iterator[dict[str, Any]]:
    for letter in house.pages(at(service, "dead-letters"), limit):
        yield {"service": service, **letter}


def _all(house: House, service: str | None) -> list[dict[str, Any]]:
    # Read to the end before the first replay: what is heard leaves the list that is being read.
    return [letter for one in services(service) for letter in _parked(house, one)]


def _found(house: House, letter: str, service: str | None) -> dict[str, Any]:
    for one in services(service):
        try:
            return {"service": one, **house.get(at(one, "dead-letters", letter))}
        except Refused as stop:
            if stop.problem.get("status") != HTTPStatus.NOT_FOUND:
                raise
    raise Refused(f"There is no dead letter {letter}; `knowhow dead-letters list` shows them.", "Not found")


def _asked(house: House, letter: dict[str, Any], what: str, done: str, body: Any = None) -> dict[str, Any]:
    told = {"id": letter["id"], "service": letter["service"]}
    try:
        house.post(at(letter["service"], "dead-letters", letter["id"], what), body)
    except Refused as stop:
        # What is wrong with the wish itself is told whole, with each place; it is the same for every letter.
        if stop.problem.get("errors"):
            raise
        return {**told, "outcome": "refused", "detail": str(stop)}
    # What was heard before stays heard, whatever else is wished of it.
    return {**told, "outcome": "heard" if letter.get("heard_at") else done}


def _tell(house: House, told: list[dict[str, Any]]) -> None:
    show.listing(told, TOLD, as_json=house.as_json)
    if any(one["outcome"] == "refused" for one in told):
        raise typer.Exit(Code.REFUSED)
