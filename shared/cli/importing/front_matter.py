"""What the front matter of a Markdown file may say about an item, and clear sentences where it says it wrongly."""

from typing import Any

import frontmatter
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.cli.importing.rows import Unreadable
from shared.contracts.base import Attribution, Kind

_YAML = frontmatter.default_handlers.YAMLHandler()


class Variable(BaseModel):
    """A blank of a prompt."""

    model_config = ConfigDict(extra="forbid")

    name: str
    default: str | None = None
    description: str | None = None


class FrontMatter(BaseModel):
    """Everything that a file may say besides the body."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind | None = None
    title: str | None = None
    topics: list[str] | None = None
    tools: list[str] | None = None
    attribution: Attribution | None = None
    variables: list[Variable] | None = None
    model: str | None = None
    sample_output: str | None = None
    expected: str | None = None
    origin: str | None = None
    follows: str | None = None


def read_page(file: str, text: str) -> dict[str, Any]:
    """What a page with or without front matter says, with its `body`; what is not said is not there.

    Raises:
        Unreadable: the front matter is not YAML or says something that an item cannot have; the message says where.
    """
    matter, body = _parts(text)
    said = _checked(file, _loaded(file, matter))
    return {**said.model_dump(mode="json", exclude_none=True), "body": body.strip()}


def _parts(text: str) -> tuple[str, str]:
    # Without a fence at the very top, everything is body.
    if not _YAML.detect(text):
        return "", text
    try:
        matter, body = _YAML.split(text)
    except ValueError:
        return "", text
    return matter, body


def _loaded(file: str, matter: str) -> Any:
    try:
        return yaml.safe_load(matter) or {}
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}" if error.problem_mark else "the front matter"
        raise Unreadable(f"{file}, {where}: the front matter is not valid YAML ({error.problem}).") from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(f"{file}: the front matter is not valid YAML ({error}).") from error


def _checked(file: str, said: Any) -> FrontMatter:
    if not isinstance(said, dict):
        raise Unreadable(f"{file}: write the front matter as fields, such as `title: …`, one on each line.")
    try:
        return FrontMatter.model_validate(said)
    except ValidationError as error:
        raise Unreadable(f"{file}: {'; '.join(map(_sentence, error.errors()))}.") from error


def _sentence(found: Any) -> str:
    name = ".".join(map(str, found["loc"]))
    if found["type"] == "extra_forbidden":
        return f"the front matter has no field `{name}`; take it out or correct its name"
    return f"`{name}` in the front matter: {found['msg'][:1].lower()}{found['msg'][1:]}"
