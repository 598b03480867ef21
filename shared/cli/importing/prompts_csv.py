"""Reads a prompt library in CSV with the columns act, prompt, for_devs, type and contributor."""

import csv
import io
import re
from collections.abc import Iterator

from shared.cli.importing.clean import cleaned, one_line
from shared.cli.importing.rows import Row, Unreadable, digest_of, sized, text_of
from shared.cli.importing.variables import variables

REQUIRED = ("act", "prompt")
_LARGEST_FIELD = 2**31 - 1


def read_csv(file: str, data: bytes) -> list[Row]:
    """A row for each row of the table; reading the same bytes again gives equal rows.

    Raises:
        Unreadable: it is not UTF-8, not CSV, or lacks a column that it must have.
    """
    records = _records(file, _text(file, data))
    header = next(records, (1, []))[1]
    if missing := [name for name in REQUIRED if name not in header]:
        raise Unreadable(
            f"{file}: the first line must name the columns act and prompt; add {' and '.join(missing)}."
        )
    digest = digest_of(data)
    return [
        _row(file, number, line, digest, header, fields)
        for number, (line, fields) in enumerate(filter(_filled, records), 1)
    ]


def _filled(record: tuple[int, list[str]]) -> bool:
    return bool(record[1])


def _text(file: str, data: bytes) -> str:
    try:
        return text_of(file, data)
    except Unreadable as error:
        row = sum(map(_filled, _records(file, data[: error.good].decode(), strict=False))) - 1
        raise Unreadable(f"{error} It is in row {max(row, 0)}.") from error


def _records(file: str, text: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    # The module's own limit of 128 KB a field is below what the house takes.
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=strict)
    line = 1
    try:
        for fields in reader:
            yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"{file}: the row that begins in line {line} is not valid CSV ({error}).") from error


def _row(file: str, number: int, line: int, digest: str, header: list[str], fields: list[str]) -> Row:  # noqa: PLR0913, PLR0917 - where a row stands, and what stands there.
    if len(fields) != len(header):
        why = f"It has {len(fields)} fields where the first line names {len(header)}; check its quotes and commas."
        return Row(file, number, line, refused=why, digest=digest)
    named = dict(zip(header, fields, strict=True))
    if empty := [name for name in REQUIRED if not named[name].strip()]:
        return Row(file, number, line, refused=f"The column {empty[0]} is empty; fill it in.", digest=digest)
    body, dropped = cleaned(named["prompt"])
    note = f"{dropped} control characters were taken out" if dropped else ""
    return sized(Row(file, number, line, _wish(named, body), note=note, digest=digest))


def _wish(named: dict[str, str], body: str) -> dict[str, object]:
    wish: dict[str, object] = {"kind": "prompt", "title": one_line(named["act"]), "body": body}
    wish["topics"] = _topics(named.get("for_devs", ""), named.get("type", ""))
    if found := variables(body):
        wish["variables"] = found
    if origin := one_line(named.get("contributor", "")):
        wish["origin"] = origin
    return wish


def _topics(for_devs: str, kind: str) -> list[str]:
    audience = "engineering" if for_devs.strip().upper() == "TRUE" else "general"
    form = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")
    # One topic below the audience's own: whoever has the say over that can decide about it.
    return [f"{audience}/{form}-prompts" if form else audience]
