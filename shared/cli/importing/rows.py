"""What was read from a file: one row for each piece of know-how, ready to be sent or with the reason why not."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

LARGEST = 256 * 1024
"""Bytes that the house takes in one request."""


@dataclass(frozen=True)
class Row:
    """One row of a table (`number` counts from 1 below the header), or one whole file (`number` is 0).

    `wish` is what to capture and `refused` why it cannot be sent. `note` tells what reading changed; `repeats` names
    an earlier row with the same body.
    """

    file: str
    number: int
    line: int
    wish: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    note: str = ""
    repeats: str = ""
    digest: str = ""

    @property
    def where(self) -> str:
        """The row as people name it."""
        return f"{self.file} row {self.number}" if self.number else self.file

    @property
    def title(self) -> str:
        """The title, as far as there is one."""
        return str(self.wish.get("title", ""))

    @property
    def sendable(self) -> bool:
        """True where the house is to decide about it."""
        return not self.refused and not self.repeats

    def key(self) -> str:
        """The Idempotency-Key: the same for the same row of the same file, sent with the same wish."""
        told = f"{self.digest}:{self.number}:{encoded(self.wish)}"
        return hashlib.sha256(told.encode()).hexdigest()


def encoded(wish: dict[str, Any]) -> str:
    """The wish as it goes over the wire."""
    return json.dumps(wish, ensure_ascii=False, separators=(",", ":"))


def sized(row: Row) -> Row:
    """The row, refused if it is larger than the house takes."""
    size = len(encoded(row.wish).encode())
    if row.refused or size <= LARGEST:
        return row
    why = f"It has {size:,} bytes; keep it under {LARGEST:,} (256 KB) and link to longer material."
    return replace(row, refused=why)


def digest_of(data: bytes) -> str:
    """What names a file's content."""
    return hashlib.sha256(data).hexdigest()


class Unreadable(ValueError):  # noqa: N818 - it says what the file is.
    """A file that cannot be read as a whole; the message says where and what to do, `good` how many bytes are."""

    def __init__(self, message: str, good: int = 0) -> None:
        super().__init__(message)
        self.good = good


def text_of(file: str, data: bytes) -> str:
    """The file's text.

    Raises:
        Unreadable: it is not UTF-8; the message names the line and the byte.
    """
    try:
        # A byte order mark is no part of the text, yet bytes are counted with it.
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        where = f"line {line}, byte {error.start + 1} of the file"
        raise Unreadable(f"{file}: {where} is not UTF-8; save the file as UTF-8.", error.start) from error
