"""`python -m tests.chaos.serve discover PORT`: one service as a process of its own, with what a run wants done to it.

With `warm` as third argument the process imports the libraries once, and then serves in a copy of itself for each line
of environment (JSON) that it reads, one after the other: a start then costs a tenth. It tells each copy's process id,
and when it has ended.
"""

import json
import os
import sys
from importlib import import_module

import uvicorn

from deploy.local.leash import hold
from shared.settings import Settings
from tests.chaos.clock import set_clock
from tests.chaos.mutations import mutate
from tests.chaos.planted import plant

HERE = "127.0.0.1"
SLOW_TO_IMPORT = (
    "aiokafka", "detect_secrets.settings", "fastapi", "fastapi_offline", "faststream.kafka", "frontmatter", "jinja2",
    "joserfc.jwt", "markdown_it", "motor.motor_asyncio", "nh3", "opensearchpy", "prometheus_client",
)  # fmt: skip


def main(service: str, port: int) -> None:
    """Serve until killed; what is wrong with the environment ends it with the reason."""
    mutate(os.environ.get("CHAOS_MUTATION", ""))
    plant(os.environ.get("CHAOS_PLANTED", ""))
    app = import_module(f"services.{service}.app").create_app(Settings())
    set_clock(float(os.environ.get("CHAOS_CLOCK", "0")))
    uvicorn.run(app, host=HERE, port=port, access_log=False, log_level="warning", timeout_graceful_shutdown=1)


def serve_copies(service: str, port: int) -> None:
    """Serve in one copy of this process after the other, until nobody asks for more."""
    for library in SLOW_TO_IMPORT:
        import_module(library)
    for line in sys.stdin:
        original, pid = os.getpid(), os.fork()
        if pid == 0:
            hold(original)
            os.environ.update(json.loads(line))
            main(service, port)
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - the answer to whoever asked for the copy.
        os.waitpid(pid, 0)
        print("ended", flush=True)  # noqa: T201 - as above.


if __name__ == "__main__":
    (serve_copies if sys.argv[3:] == ["warm"] else main)(sys.argv[1], int(sys.argv[2]))
