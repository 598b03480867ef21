"""Turns into another program that ends with whoever started it, so that a killed launcher leaves nothing behind."""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def hold(parent: int, farewell: int = 9) -> None:
    """Let this process get the farewell signal when the parent dies, however it dies; a signal is a number, 9 is SIGKILL.

    Only Linux has such a promise: elsewhere nothing happens.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(farewell))
        # A parent that died before the promise was asked for would never be noticed.
        if os.getppid() != parent:
            os._exit(1)


def main(parent: int, farewell: int, command: list[str]) -> None:
    """Become the command, held by the parent."""
    hold(parent, farewell)
    os.execv(command[0], command)  # noqa: S606 - there is no shell, and the launcher names the program.


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
