"""`python -m tests.chaos`: hurt a house under load, count everything, and end with 0 only if all of it is right."""

import asyncio
import logging
import sys

import uvloop
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
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(run(options, console))
    tell(result, console)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
