"""`python -m tests.chaos`: hurt a house under load, count everything, and end with 0 only if all of it is right."""

import asyncio
import logging
import shutil
import sys

from rich.console import Console

from tests.chaos.options import read_options
from tests.chaos.report import tell
from tests.chaos.run import run


def main() -> int:
    """Run it; 0 where every invariant holds."""
    options, console = read_options(), Console()
    # A broker that is away is what this is about.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console.print(f"Seed {options.seed}; again with: {options.again()}")
    with asyncio.Runner() as runner:
        result = runner.run(run(options, console))
    tell(result, console)
    if result.holds and not options.kept:
        shutil.rmtree(options.data, ignore_errors=True)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
