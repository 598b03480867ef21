"""Sends rows to the house, many at once, so that a library of thousands is in within a minute."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from shared.cli.abreast import abreast
from shared.cli.answers import checked
from shared.cli.house import House, at
from shared.cli.importing.outcomes import Outcome, refused, unsent
from shared.cli.importing.rows import Row, encoded
from shared.cli.patient import AT_ONCE, Patient, patient
from shared.cli.stop import Refused


@dataclass
class Import:
    """The rows of one import and what became of those that are done; `moved` is called for each."""

    rows: list[Row]
    moved: Callable[[str], object] = str
    done: dict[int, Outcome] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of the rows that are done, in their order."""
        return [self.done[place] for place in sorted(self.done)]

    async def run(self, house: House, wait: float) -> None:
        """Send what is to be sent; running the same again captures nothing twice.

        Raises:
            Away: the house stays away; what is done is in `outcomes`.
            NotSignedIn: nobody is signed in, or not any more.
        """
        self._skip()
        todo = [place for place, row in enumerate(self.rows) if row.sendable]
        async with patient(house, wait, self.moved) as client:
            await abreast(todo, lambda place: self._send(client, place), AT_ONCE)

    def _skip(self) -> None:
        for place, row in enumerate(self.rows):
            if not row.sendable:
                self._note(place, unsent(row))

    async def _send(self, client: Patient, place: int) -> None:
        self._note(place, await _captured(client, self.rows[place]))

    def _note(self, place: int, outcome: Outcome) -> None:
        self.done[place] = outcome
        self.moved("")


async def _captured(client: Patient, row: Row) -> Outcome:
    headers = {"Idempotency-Key": row.key(), "Content-Type": "application/json"}
    answer = await client.ask(
        "POST", at("discover", "items"), content=encoded(row.wish).encode(), headers=headers
    )
    try:
        item = checked(answer)
    except Refused as stop:
        return refused(row, stop)
    word = "captured" if answer.status_code == HTTPStatus.CREATED else "exists"
    return Outcome(row, word, str(item["id"]))
