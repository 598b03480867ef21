"""What a large batch needed is given back to the machine."""

import ctypes
import subprocess
import sys

import pytest

HOLDS = """
from os import getpid
from deploy.memory import give_memory_back
from tests.benchmarks.measuring import memory_mb

def batch():
    return [(bytearray(900_000), bytearray(1000)) for _ in range(100)]

{before}
bytearray(8_000_000)
small = [each for _, each in batch()]
print(memory_mb(getpid()))
"""


def held(before: str) -> float:
    """MB that a process holds after a batch of 90 MB, of which little is still in use."""
    seen = subprocess.run(  # noqa: S603 - our own interpreter.
        [sys.executable, "-c", HOLDS.format(before=before)], capture_output=True, text=True, check=True
    )
    return float(seen.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="This C library has no mallopt.")
def test_what_a_large_batch_needed_is_not_kept() -> None:
    assert held("give_memory_back()") < held("") - 45
