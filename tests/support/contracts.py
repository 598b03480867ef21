"""What each event looked like when it was last agreed on, and what would break those who hear it."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from shared.contracts import EVENTS
from shared.contracts.asyncapi import asyncapi
from shared.contracts.base import Said
from shared.identity.policy import SERVICES

Schema: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/contract/golden"
ASYNCAPI = ROOT / "docs/asyncapi.json"

TOLD_TO_PEOPLE = {"title", "description", "default", "examples", "$defs", "$ref"}
"""What a schema may change without any effect on what is valid."""


def written(value: Any) -> str:
    """JSON as the golden files have it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def schema_of(kind: type[Said]) -> Schema:
    """An event's schema, with the topic that it is on."""
    return {"x-topic": kind.topic, **kind.model_json_schema()}


def golden(name: str, what: str) -> Any:
    """The golden schema or sample of an event."""
    return json.loads((GOLDEN / f"{name}.{what}.json").read_text("utf-8"))


def golden_names(what: str) -> set[str]:
    """The events that have a golden schema, or sample."""
    return {path.name.removesuffix(f".{what}.json") for path in GOLDEN.glob(f"*.{what}.json")}


def breaches(before: Schema, now: Schema) -> list[str]:
    """What of the schema before no longer holds now, in words; additions are none."""
    return list(_breaches(_resolved(before, before), _resolved(now, now), ""))


def _resolved(part: Any, whole: Schema) -> Any:
    if isinstance(part, list):
        return [_resolved(one, whole) for one in part]
    if not isinstance(part, dict):
        return part
    target = whole["$defs"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else {}
    return {name: _resolved(one, whole) for name, one in (target | part).items() if name != "$defs"}


def _breaches(before: Schema, now: Schema, at: str) -> Iterator[str]:
    fields = now.get("properties", {})
    for name, field in before.get("properties", {}).items():
        if name in fields:
            yield from _breaches(field, fields[name], f"{at}/{name}")
        else:
            yield f"{at}/{name} was removed or renamed"
    for name in sorted({*now.get("required", ())} - {*before.get("required", ())}):
        yield f"{at}/{name} is newly required"
    for inner in ("items", "anyOf"):
        for one, other in zip(_list(before.get(inner)), _list(now.get(inner)), strict=False):
            yield from _breaches(one, other, f"{at}/*" if inner == "items" else at)
    if _rules(before) != _rules(now):
        yield f"{at or '/'} means something else: {_rules(before)} became {_rules(now)}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _rules(schema: Schema) -> Schema:
    apart = {"items", "anyOf", "properties", "required", *TOLD_TO_PEOPLE}
    rules = {name: rule for name, rule in schema.items() if name not in apart}
    return rules | {name: len(_list(schema[name])) for name in ("items", "anyOf") if name in schema}


def heard_by() -> dict[str, set[str]]:
    """The events that each service's table names."""
    tables = {name: import_module(f"services.{name}.events").ROWS for name in SERVICES}
    return {
        name: {row.heard.__name__ for row in rows if issubclass(row.heard, Said)}
        for name, rows in tables.items()
    }


def asyncapi_now() -> dict[str, Any]:
    """The AsyncAPI document as it should be."""
    return asyncapi(EVENTS, heard_by())
