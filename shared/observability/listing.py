"""The list of metrics as a page for people: `python -m shared.observability.listing > docs/metrics.md`."""

import sys

from shared.observability.metrics import LISTED, Listed

_TOP = """# Metrics

Each service tells these at `/<service>/metrics` in the text format of Prometheus. There are no others beside memory and
CPU of the process (`process_…`), and every one has the label `service`. What must be asked of the broker or the database
(the gauges) is asked when somebody scrapes, at most every five seconds; what does not answer within two seconds is left out.

| metric | kind | labels | what it tells |
|---|---|---|---|
"""


def listing() -> str:
    """The page; the same for the same list."""
    return _TOP + "".join(f"{_row(one)}\n" for one in LISTED)


def _row(one: Listed) -> str:
    labels = ", ".join(f"`{label}`" for label in one.labels)
    return f"| `{one.name}` | {one.kind.__name__.lower()} | {labels} | {one.about} |"


if __name__ == "__main__":
    sys.stdout.write(listing())
