"""Sets a process's clock, on machines that have no faketime."""

import sys
import time
from datetime import datetime, timedelta, tzinfo


def set_clock(ahead: float) -> None:
    """Let this process believe that it is so many seconds later than it is; 0 changes nothing.

    What the product has imported by now is told: `time.time`, and each of its modules that asks `datetime` for the time.
    """
    if not ahead:
        return
    real = time.time
    time.time = lambda: real() + ahead
    shift = timedelta(seconds=ahead)

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + shift

    for name, module in list(sys.modules.items()):
        if name.startswith(("services.", "shared.")) and getattr(module, "datetime", None) is datetime:
            module.datetime = Shifted  # type: ignore[attr-defined]
