"""Has the C library give back memory that is not used any more; by itself it keeps what the largest batch needed."""

import ctypes
from typing import Final

LARGE: Final = 128 * 1024
"""Bytes of a block that is given back as soon as it is free, and of free memory at the end of the heap."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""The numbers of the options in glibc's malloc.h."""


def give_memory_back() -> None:
    """Fix glibc's thresholds, and let all threads share one heap (mallopt(3)); other C libraries are left as they are.

    glibc raises the threshold with the largest block that was ever freed, and gives each thread a heap of its own.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_TRIM_THRESHOLD, LARGE)
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, 1)
