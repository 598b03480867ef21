"""How commands answer: tables and sentences for people, JSON for programs, and everything else to stderr."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Columns = Mapping[str, Callable[[Any], object]]

# Text of other people is never taken for markup, links or colours.
_PLAIN = {"markup": False, "highlight": False, "emoji": False}
_WIDE = 200
"""Columns where nobody looks at a terminal: a pipe has no width that text would have to fit."""


def out() -> Console:
    """Where answers go."""
    console = Console(**_PLAIN)  # type: ignore[arg-type]
    return console if console.is_terminal else Console(**_PLAIN, width=_WIDE)  # type: ignore[arg-type]


def err() -> Console:
    """Where everything goes that is no answer: notes, progress and problems."""
    return Console(stderr=True, soft_wrap=True, **_PLAIN)  # type: ignore[arg-type]


def document(value: Any) -> None:
    """One JSON document on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """A sentence or a paragraph for people."""
    out().print(visible(text), soft_wrap=True)


def note(text: str) -> None:
    """A sentence beside the answer."""
    err().print(visible(text))


def answer(value: Any, sentence: str, *, as_json: bool) -> None:
    """What came of a command: the document for programs, the sentence for people."""
    if as_json:
        document(value)
    else:
        say(sentence)


def listing(rows: Iterable[Any], columns: Columns, *, as_json: bool) -> None:
    """A list: one JSON document a line for programs, a table for people."""
    if as_json:
        for row in rows:
            document(row)
    else:
        _table(list(rows), columns)


def details(value: Mapping[str, Any]) -> None:
    """The fields of one thing, one a line, without those that say nothing."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, field in value.items():
        if field not in (None, [], {}, ""):
            grid.add_row(Text(name.replace("_", " "), "dim"), visible(words(field)))
    out().print(grid)


def problem(value: Mapping[str, Any], *, as_json: bool) -> None:
    """A problem (RFC 9457): its title, what to do, and each place that is wrong."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str), err=True)
        return
    err().print(Text(f"{value['title']}: ", "bold red").append(visible(str(value["detail"]))))
    for wrong in value.get("errors") or ():
        err().print(visible(f"  {wrong.get('pointer') or '(whole)'}  {wrong.get('detail')}"))


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on the terminal while something lasts: call what it yields for each part done, with a word or ""."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = err()
    hidden = not console.is_terminal
    # Whoever pipes the answer away while looking at the bar must get the answer, not the bar, in the pipe.
    with Progress(
        *columns,
        console=console,
        disable=hidden,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(what, total=total)

        def moved(word: str = "") -> None:
            bar.update(task, advance=0 if word else 1, description=word or what)

        yield moved


def words(value: Any) -> str:
    """A JSON value as people read it."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name} {words(inner)}" for name, inner in value.items() if inner not in (None, "", [])
        )
    if isinstance(value, list):
        return ", ".join(map(words, value))
    return "" if value is None else str(value)


def visible(text: str) -> Text:
    """The text, with what could steer a terminal made visible."""
    return Text("".join(one if one.isprintable() or one in "\n\t" else f"\\x{ord(one):02x}" for one in text))


def _table(rows: list[Any], columns: Columns) -> None:
    if not rows:
        say("There is nothing here.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    for row in rows:
        table.add_row(*(visible(words(cell(row))) for cell in columns.values()))
    out().print(table)
