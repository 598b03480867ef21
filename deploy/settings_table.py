"""`make settings`: writes the table of all settings, docs/settings.md, from the classes that read them."""

from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from deploy.topics.settings import TopicSettings
from shared.settings import SECRETS, USUAL_SECRETS, KafkaSettings, Settings, variable

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "settings.md"
_INTRODUCTION: Final = f"""\
# Settings

Made from the code by `make settings`. Every setting is an environment variable or, where that is not set, a file of the
same name (small letters will do) in the folder that `{SECRETS}` names, by default `{USUAL_SECRETS}`. Passwords and keys
belong into files wherever the machine offers such a folder. A missing or wrong setting stops the start with one sentence.
"""
_HEAD: Final = "| variable | type | default | meaning |\n|---|---|---|---|\n"


def document() -> str:
    """The whole document as it should be now."""
    services = _table(Settings, {})
    topics = _table(TopicSettings, KafkaSettings.model_fields)
    return (
        f"{_INTRODUCTION}\n## Of the services\n\n{services}\n"
        f"## Of the topics job\n\nIt also reads `{variable('kafka')}` and what begins like it.\n\n{topics}"
    )


def _table(kind: type[BaseSettings], without: dict[str, FieldInfo]) -> str:
    fields = {name: field for name, field in kind.model_fields.items() if name not in without}
    return _HEAD + "".join(_row(name, field) for name, field in sorted(fields.items()))


def _row(name: str, field: FieldInfo) -> str:
    meaning = str(field.description).replace("|", "\\|")
    return f"| `{variable(name)}` | {_type(field.annotation)} | {_default(field)} | {meaning} |\n"


def _type(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    if isinstance(kind, UnionType):
        return next(_type(one) for one in get_args(kind) if one is not NoneType)
    names = {str: "text", int: "number", Path: "path", SecretStr: "secret"}
    return names.get(kind) or _type(get_args(kind)[0])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default
    return "" if value in (None, "") or isinstance(value, SecretStr) else f"`{value}`"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
