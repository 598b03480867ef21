"""Reads an item from a Markdown file with front matter."""

from shared.cli.importing.clean import cleaned
from shared.cli.importing.front_matter import read_page
from shared.cli.importing.rows import Row, Unreadable, digest_of, sized, text_of
from shared.cli.importing.variables import variables
from shared.contracts.base import Kind

_KINDS = ", ".join(Kind)


def read_markdown(file: str, data: bytes) -> Row:
    """The file as a row, refused where it cannot be an item; the other files of a directory are not held up."""
    try:
        wish = read_page(file, cleaned(text_of(file, data))[0])
    except Unreadable as error:
        return Row(file, 0, 1, refused=str(error), digest=digest_of(data))
    row = Row(file, 0, 1, with_blanks(wish), refused=_missing(wish), digest=digest_of(data))
    return sized(row)


def with_blanks(wish: dict[str, object]) -> dict[str, object]:
    """The wish, with the blanks of its body where it is a prompt that names none itself."""
    if wish.get("kind") != Kind.PROMPT or "variables" in wish:
        return wish
    found = variables(str(wish["body"]))
    return wish | {"variables": found} if found else wish


def _missing(wish: dict[str, object]) -> str:
    if "kind" not in wish:
        return f"Say in the front matter what kind it is: {_KINDS}."
    if "title" not in wish:
        return "Give it a title in the front matter."
    return "" if wish["body"] else "Write something below the front matter."
