"""Cuts what is too much for one request into what is not."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def pieces(many: Sequence[T], size: int) -> list[Sequence[T]]:
    """All of it in order, in pieces of `size`; the last one may be smaller, and nothing makes none."""
    return [many[start : start + size] for start in range(0, len(many), size)]
