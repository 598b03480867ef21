"""The command that brings a whole library into the house."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from shared.cli import show
from shared.cli.house import House
from shared.cli.importing.outcomes import Outcome, counted
from shared.cli.importing.rows import Row, Unreadable
from shared.cli.importing.sending import Import
from shared.cli.importing.sources import read_all
from shared.cli.options import As, Wait
from shared.cli.stop import Code, Refused, Stop
from shared.contracts.base import Attribution

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", exists=True, help="CSV or Markdown files, or directories of these."),
]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write what became of each row here, as JSON lines.")
]
SHOWN = 20

ROW: show.Columns = {
    "row": lambda one: one.row.where,
    "title": lambda one: one.row.title,
    "what became of it": lambda one: one.told() + (f" ({one.row.note})" if one.row.note else ""),
}


def import_files(
    house: House, files: Files, report: Report = None, attribution: As = Attribution.NAMED, wait: Wait = 60
) -> None:
    """Capture everything in prompt libraries (CSV) and Markdown files; stop and run it again as you like."""
    rows = [_attributed(row, attribution) for row in _read(files)]
    if report:
        _write(report, [])
    work = Import(rows)
    with _told(work, report, as_json=house.as_json), show.progress("importing", len(rows)) as work.moved:
        asyncio.run(work.run(house, wait))
    if any(outcome.word == "refused" for outcome in work.outcomes):
        raise typer.Exit(Code.REFUSED)


@contextmanager
def _told(work: Import, report: Path | None, *, as_json: bool) -> Iterator[None]:
    try:
        yield
    finally:
        # Also after Ctrl-C and when the house went away: people must learn how far it came.
        _tell(work, report, as_json=as_json)


def _read(files: list[Path]) -> list[Row]:
    try:
        return read_all(files)
    except Unreadable as error:
        raise Refused(f"{error} Nothing was sent.", "Not readable") from error


def _attributed(row: Row, attribution: Attribution) -> Row:
    if attribution is Attribution.NAMED or not row.wish:
        return row
    return replace(row, wish={"attribution": attribution.value, **row.wish})


def _tell(work: Import, report: Path | None, *, as_json: bool) -> None:
    if report:
        _write(report, work.outcomes)
    if as_json:
        show.listing([outcome.document() for outcome in work.outcomes], {}, as_json=True)
    else:
        _tell_people(work.outcomes)
    if left := len(work.rows) - len(work.done):
        show.note(f"{left} of {len(work.rows)} rows are not done; run the same again to go on.")


def _tell_people(outcomes: Sequence[Outcome]) -> None:
    telling = [one for one in outcomes if one.word in {"repeats", "refused"} or one.row.note]
    telling.sort(key=lambda one: one.word != "refused")
    if telling:
        show.listing(telling[:SHOWN], ROW, as_json=False)
    if len(telling) > SHOWN:
        show.say(f"… and {len(telling) - SHOWN} more; --report FILE tells of every row.")
    numbers = ", ".join(f"{number:,} {word}" for word, number in counted(outcomes).items())
    show.say(f"{len(outcomes):,} rows: {numbers}.")


def _write(report: Path, outcomes: Sequence[Outcome]) -> None:
    lines = [json.dumps(outcome.document(), ensure_ascii=False) + "\n" for outcome in outcomes]
    try:
        report.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise Stop(f"The report cannot be written to {report}: {error.strerror}.") from error
