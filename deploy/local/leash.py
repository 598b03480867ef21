"""Turns into another program that ends with whoever started it, so that a killed launcher leaves nothing behind."""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, farewell: int, command: list[str]) -> None:
    """Become the command; when the parent dies, however it dies, Linux sends the command the farewell signal.

    Other systems have no such promise: there the command merely starts.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(farewell))
        # A parent that died before the promise was asked for would never be noticed.
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - there is no shell, and the launcher names the program.


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
