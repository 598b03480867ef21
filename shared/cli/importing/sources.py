"""Turns what was named on the command line into rows."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.cli.importing.markdown import read_markdown
from shared.cli.importing.prompts_csv import read_csv
from shared.cli.importing.repeats import marked
from shared.cli.importing.rows import Row, Unreadable

_MARKDOWN = {".md", ".markdown"}


def read_all(paths: Iterable[Path]) -> list[Row]:
    """The rows of all files and of all Markdown files below directories; repeats are marked over all of them.

    Raises:
        Unreadable: a file cannot be read as a whole; nothing has been sent by then.
    """
    return list(marked(row for path in paths for row in _rows(path)))


def _rows(path: Path) -> Iterator[Row]:
    if path.is_dir():
        pages = sorted(page for page in path.rglob("*") if page.suffix.lower() in _MARKDOWN)
        if not pages:
            raise Unreadable(f"{path} holds no Markdown files (.md).")
        for page in pages:
            yield from _file(page)
    else:
        yield from _file(path)


def _file(path: Path) -> list[Row]:
    match path.suffix.lower():
        case ".csv":
            return read_csv(str(path), _bytes(path))
        case suffix if suffix in _MARKDOWN:
            return [read_markdown(str(path), _bytes(path))]
        case _:
            raise Unreadable(f"{path} is neither .csv nor .md nor a directory of .md files.")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
