"""Finds the rows that say what an earlier row says."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shared.cli.importing.rows import Row
from shared.fingerprint import same_body


def marked(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in order; one whose body repeats an earlier one word for word, white space aside, says which."""
    first: dict[str, Row] = {}
    for row in rows:
        body = same_body(str(row.wish.get("body", "")))
        earlier = first.setdefault(body, row) if body else row
        yield row if earlier is row or row.refused else replace(row, repeats=_named(earlier, row))


def _named(earlier: Row, row: Row) -> str:
    return f"row {earlier.number}" if earlier.file == row.file else earlier.where
