"""A disk that can be full: a small tmpfs, where the machine lets us mount one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 1024
"""Megabytes of the small disk."""


@contextmanager
def small_disk(where: Path, *, wanted: bool) -> Iterator[str]:
    """Mount a small disk there until the block ends; why that cannot be done, or nothing."""
    if not wanted:
        yield "it was not asked for when the run began"
        return
    where.mkdir(parents=True)
    why = _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(where))
    try:
        yield f"no small disk can be mounted here ({why})" if why else ""
    finally:
        if not why:
            _run("umount", "--lazy", str(where))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell.
    except OSError as error:
        return str(error)
    return done.stderr.strip() if done.returncode else ""


@contextmanager
def fill(disk: Path) -> Iterator[None]:
    """Leave no room on the disk until the block ends."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            _write_all(file.write)
        yield
    finally:
        filler.unlink(missing_ok=True)


def _write_all(write) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - a raw file's write.
    for size in (1 << 20, 1 << 12):
        try:
            while write(b"\0" * size):
                pass
        except OSError:
            continue
