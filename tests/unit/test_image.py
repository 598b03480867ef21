"""The image holds what production needs of the lock file, and nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

from deploy.image.requirements import main, production

LOCK = Path("requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
SMALL = """\
apple==1 \\
    --hash=sha256:aa
    # via
    #   knowhow-circulation (pyproject.toml)
    #   tool
core==2 \\
    --hash=sha256:bb
    # via apple
heavy==3 \\
    --hash=sha256:cc
    # via apple
tool==4 ; sys_platform != 'win32' \\
    --hash=sha256:dd
    # via knowhow-circulation (pyproject.toml)
"""


def names(requirements: str) -> list[str]:
    return re.findall(r"^([a-z0-9._-]+)==", requirements, re.MULTILINE)


def test_what_is_needed_comes_with_what_that_needs() -> None:
    assert names(production(SMALL, ["apple>=1"], without=())) == ["apple", "core", "heavy"]
    assert names(production(SMALL, ["tool[extra]>=4"], without=())) == ["apple", "core", "heavy", "tool"]


def test_what_is_never_loaded_stays_out() -> None:
    assert names(production(SMALL, ["apple"], without=("heavy",))) == ["apple", "core"]


def test_entries_keep_their_hashes() -> None:
    assert production(SMALL, ["core"], without=()) == "core==2 \\\n    --hash=sha256:bb\n    # via apple\n"


def test_every_package_of_the_image_is_pinned_by_hash(capsys: pytest.CaptureFixture[str]) -> None:
    main()

    entries = capsys.readouterr().out
    assert len(names(entries)) > 30
    assert all(
        "--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z])", entries, flags=re.MULTILINE)[1:]
    )


def test_neither_tools_nor_embedded_servers_are_in_the_image() -> None:
    inside = set(names(production(LOCK, PROJECT["dependencies"])))

    assert {"aiokafka", "fastapi", "motor", "pydantic-core"} <= inside
    assert not inside & {
        "pytest",
        "mypy",
        "ruff",
        "noida-db",
        "secantusdb",
        "osmem-server",
        "numpy",
        "grpcio",
    }
