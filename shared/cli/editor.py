"""Lets a person write an item in their own editor, and never loses what they wrote."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.cli import show
from shared.cli.stop import Refused, Stop


@contextmanager
def written(template: str) -> Iterator[str]:
    """What the person made of the template; if the block fails, the text is kept in a file, which is named.

    Raises:
        Refused: the editor cannot be started or failed, or nothing was changed.
    """
    with tempfile.NamedTemporaryFile(
        "w", suffix=".md", prefix="knowhow-", encoding="utf-8", delete=False
    ) as file:
        file.write(template)
    draft = Path(file.name)
    _edit(draft)
    text = draft.read_text("utf-8")
    if text == template:
        draft.unlink()
        raise Refused("Nothing was written, so nothing was captured.", "Empty")
    try:
        yield text
    except Stop:
        show.note(f"What you wrote is kept in {draft}; correct it there and run `knowhow capture {draft}`.")
        raise
    draft.unlink()


def _edit(draft: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), str(draft)], check=True)  # noqa: S603 - the person's own choice of editor.
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise Refused(f"The editor `{editor}` did not work ({error}); set EDITOR to another one.") from error
