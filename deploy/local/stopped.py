"""Why the house does not run, each reason with a sentence for the person and an exit code for programs."""

import errno
from enum import IntEnum


class Reason(IntEnum):
    """Exit codes; 1 and 2 are left to Python's own errors and to wrong options."""

    PYTHON_TOO_OLD = 3
    ALREADY_RUNNING = 4
    DISK_FULL = 5
    PORT_IN_USE = 6
    ADDRESS_UNUSABLE = 7
    DATA_UNUSABLE = 8
    SERVER_DOWN = 9
    SERVICE_DOWN = 10
    SETTINGS_WRONG = 11


class CannotRun(Exception):  # noqa: N818 - named as the fact it states.
    """The house cannot start or go on; the message is one sentence that tells the person what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def is_disk_full(error: OSError) -> bool:
    """True where the error says that nothing more can be written, be it for the disk or for a quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
