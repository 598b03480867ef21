"""Pages as people see them: one frame and one look, with headers that let nothing foreign in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page may load: scripts, styles and pictures from files of ours, and nothing inline."""

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every page and every static file is sent with."""


def templates(*folders: Path) -> Environment:
    """A service's templates beside the shared frame; values are escaped, and a missing one is an error."""
    loader = FileSystemLoader([*folders, _HERE / "templates"])
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["words"] = words
    return made


def words(name: str) -> str:
    """A name as it is written in a sentence."""
    return name.replace("_", " ")


def page(
    source: Environment, template: str, *, status: int = 200, csp: str = STRICT, **shown: Any
) -> HTMLResponse:
    """A template with its values as a page that nobody keeps a copy of.

    Raises:
        jinja2.TemplateError: there is no such template, or a value that it names is missing.
    """
    headers = {**HEADERS, "Content-Security-Policy": csp, "Cache-Control": "no-store"}
    return HTMLResponse(source.get_template(template).render(shown), status, headers)
