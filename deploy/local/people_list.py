"""Who can sign in to a local house; apart from what furnishes one, so that a service loads nothing of that."""

from pathlib import Path
from typing import Final

SAMPLE: Final = Path(__file__).with_name("sample")


def is_listed(identity: Path) -> bool:
    """True where the folder says who can sign in."""
    return (identity / "people.json").exists()


def list_people(identity: Path, people: bytes) -> None:
    """Write down who can sign in, at once or not at all.

    Raises:
        OSError: the folder cannot be written to.
    """
    beside = identity / ".people.json.new"
    beside.write_bytes(people)
    beside.replace(identity / "people.json")


def sample_people() -> bytes:
    """The people of the sample organisation."""
    return (SAMPLE / "people.json").read_bytes()
