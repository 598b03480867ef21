"""What only real servers show: these tests run where the environment names them, and `make test-real` sees to that."""

import os

import pytest

from tests.integration.conftest import addresses, counting, settings

__all__ = ["addresses", "counting", "settings"]


@pytest.fixture(autouse=True, scope="session")
def real() -> None:
    """Go on only where there are real servers to ask."""
    missing = [name for name in ("KNOWHOW_KAFKA", "KNOWHOW_OPENSEARCH") if not os.environ.get(name)]
    if missing:
        pytest.skip(f"Name a real server in {' and '.join(missing)}.")
