"""Tells whether this Python is new enough, in words that an older one can still read."""

OLDEST = (3, 11)


def too_old(version: "tuple[int, int]") -> str:
    """A sentence that says what to do about this version of Python, or nothing where it will do."""
    if version >= OLDEST:
        return ""
    return (
        f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed and this is {version[0]}.{version[1]}; "
        "name a newer one: make PYTHON=python3.12 run"
    )
