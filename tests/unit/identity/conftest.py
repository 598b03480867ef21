"""What the tests of identity have in common."""

from pathlib import Path

import pytest

from tests.support.identity import Issuer


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    issuer = Issuer(tmp_path / "jwks.json")
    issuer.publish()
    return issuer
