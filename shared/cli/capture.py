"""The command that captures one item: from options, from a file or from the editor."""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import show
from shared.cli.editor import written
from shared.cli.house import House, at, given
from shared.cli.importing.front_matter import read_page
from shared.cli.importing.markdown import with_blanks
from shared.cli.importing.rows import Unreadable, text_of
from shared.cli.options import Topics
from shared.cli.stop import Refused, Usage
from shared.contracts.base import Attribution, Kind

File = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]", allow_dash=True, help="Markdown with front matter; - for standard input."
    ),
]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="What kind of know-how it is.")]
Title = Annotated[str | None, typer.Option("--title", help="One line that says what it is about.")]
Body = Annotated[
    str | None, typer.Option("--body", help="The item itself; a prompt's blanks are ${name:default}.")
]
Tools = Annotated[
    list[str] | None, typer.Option("--tool", help="What it was used with; may be given repeatedly.")
]
Model = Annotated[str | None, typer.Option("--model", help="The model it was used with.")]
Sample = Annotated[str | None, typer.Option("--sample-output", help="What came out.")]
Expected = Annotated[str | None, typer.Option("--expected", help="What you expected of a failure.")]
Follows = Annotated[str | None, typer.Option("--follows", help="The id of the item it follows.")]
Known = Annotated[Attribution | None, typer.Option("--as", help="How you wish to be known.")]

KEPT = ("kind", "title", "topics", "tools")
"""The fields of an item that stay as they are where the same is captured again."""

TEMPLATE = """---
kind: {kind}
title: {title}
topics: []
tools: []
attribution: named
---

"""


def capture(  # noqa: PLR0913, PLR0917 - every part of an item may be an option.
    house: House,
    file: File = None,
    kind: OfKind = None,
    title: Title = None,
    body: Body = None,
    topic: Topics = None,
    tool: Tools = None,
    attribution: Known = None,
    model: Model = None,
    sample_output: Sample = None,
    expected: Expected = None,
    follows: Follows = None,
) -> None:
    """Put what you know into words; what is not in FILE or an option is asked for in your editor.

    Options go before what the file says. The same again finds the item that exists.
    """
    if file and body:
        raise Usage("Give a FILE or --body, one of the two.")
    said = given({"kind": kind, "title": title, "topics": topic, "tools": tool, "attribution": attribution})
    said |= given({"model": model, "sample_output": sample_output, "expected": expected, "follows": follows})
    with _page(file, body, said) as page:
        _send(house, with_blanks(page | said))


def _send(house: House, wish: dict[str, Any]) -> None:
    if missing := [name for name in ("kind", "title", "body") if not wish.get(name)]:
        raise Refused(f"Say also its {' and its '.join(missing)}.", "Incomplete")
    item, first = house.make(at("discover", "items"), wish, key=str(uuid.uuid4()))
    show.answer(item, _told({} if first else wish, item), as_json=house.as_json)


def _told(repeated: dict[str, Any], item: dict[str, Any]) -> str:
    """What became of it: where the same was captured before, what of the wish does not count must be said."""
    kept = [name for name in KEPT if name in repeated and _plain(repeated[name]) != _plain(item.get(name))]
    if not kept:
        return f"{item['title']} is {item['stage']}, as {item['id']}."
    return (
        f"You captured this before, as {item['id']}, called {item['title']}; its {' and its '.join(kept)} did not"
        f" change. `knowhow amend {item['id']}` changes that."
    )


def _plain(value: Any) -> Any:
    return sorted(set(value)) if isinstance(value, list) else value


@contextmanager
def _page(file: Path | None, body: str | None, said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if body:
        yield {"body": body}
    elif file or not sys.stdin.isatty():
        yield page_of(file or Path("-"))
    else:
        template = TEMPLATE.format(kind=said.get("kind", Kind.PROMPT.value), title=said.get("title", ""))
        with written(template) as text:
            yield _parsed("your text", text)


def page_of(file: Path) -> dict[str, Any]:
    """What a Markdown file says of an item, its `body` too; - is standard input.

    Raises:
        Refused: it cannot be read, or its front matter says what an item cannot have.
    """
    return _parsed(*_read(file))


def _read(file: Path) -> tuple[str, str]:
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return name, text_of(name, data)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.", "Not readable") from error
    except Unreadable as error:
        raise Refused(str(error), "Not readable") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return read_page(name, text)
    except Unreadable as error:
        raise Refused(str(error), "Not readable") from error
