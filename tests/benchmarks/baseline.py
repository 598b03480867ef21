"""A stored baseline, and whether a run has become dearer since: CPU per item relative to the comparison in the same run."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.results import Figure, Result

BASELINE: Final = Path(__file__).with_name("baseline.json")
DEARER: Final = 1.10


def store(results: Sequence[Result], path: Path = BASELINE) -> None:
    """Make these runs the baseline; what they do not measure stays as it was."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known |= {one.name: round(one.relative.value, 3) for one in results if one.relative}
    path.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", "utf-8")


def dearer(results: Sequence[Result], path: Path = BASELINE) -> Iterator[str]:
    """A sentence for each benchmark that costs over 10 % more CPU an item than the baseline, or where there is nothing to compare.

    A median that is higher by chance does not count: the whole interval must lie above the baseline.
    """
    if not path.exists():
        yield f"There is no baseline yet; on a quiet machine, --keep makes a run the baseline ({path.name})."
        return
    known = json.loads(path.read_text("utf-8"))
    if not any(one.relative and one.name in known for one in results):
        yield f"Nothing was compared: the baseline holds {', '.join(known)}, and none of these was measured."
    for one in results:
        if one.relative and one.name in known and _is_dearer(one.relative, known[one.name]):
            grown = one.relative.value / known[one.name] - 1
            yield (
                f"{one.name}: {one.relative.name} is {one.relative.value:.2f}, {grown:.0%} above the baseline's "
                f"{known[one.name]:.2f}."
            )


def _is_dearer(now: Figure, before: float) -> bool:
    return now.value > before * DEARER and now.low > before
