"""`python -m tests.chaos.serve discover PORT`: one service as a process of its own, with what a run wants done to it."""

import os
import sys
from importlib import import_module

import uvicorn

from shared.settings import Settings
from tests.chaos.clock import set_clock
from tests.chaos.mutations import mutate
from tests.chaos.planted import plant

HERE = "127.0.0.1"


def main(service: str, port: int) -> None:
    """Serve until killed; what is wrong with the environment ends it with the reason."""
    mutate(os.environ.get("CHAOS_MUTATION", ""))
    plant(os.environ.get("CHAOS_PLANTED", ""))
    app = import_module(f"services.{service}.app").create_app(Settings())
    set_clock(float(os.environ.get("CHAOS_CLOCK", "0")))
    uvicorn.run(app, host=HERE, port=port, access_log=False, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
