"""What a service loads that runs in a process of its own, because it holds that in memory all its life."""

import subprocess
import sys

import pytest

from deploy.local.origin import SERVICES

LOADED = "import sys, deploy.serve, services.{service}.app; print(*sys.modules)"
ONLY_IN = {"opensearchpy": {"spread"}, "httpx": set[str](), "frontmatter": set[str](), "rich": set[str]()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_loads_no_library_that_it_does_not_need(service: str) -> None:
    program = LOADED.format(service=service)
    seen = subprocess.run(  # noqa: S603 - our own interpreter.
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(seen.stdout.split())

    for library, services in ONLY_IN.items():
        assert (library in loaded) == (service in services), library
