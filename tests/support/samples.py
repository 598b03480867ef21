"""A believable sample of each event, with every field set, so that its whole contract can be seen at a glance."""

from typing import Any

from shared.contracts.base import Said

_WORDS: dict[str, Any] = {
    "adoption_id": "m2w7k4tq5xh3zr6ycbn7dfl2sa",
    "body": "Match the invoice below to its purchase order, line by line. ${invoice}",
    "comment": "Saved me an hour at month end.",
    "communities": "everyone",
    "because": "follows finance/invoicing",
    "content_sha256": "3c6d1f2a9b8e47056d1c0fa2b3e4958776a5c4d3e2f1a0b9c8d7e6f5a4b3c2d1",
    "decision_id": "5f0f7ad0-6a53-5b1e-9d0c-3f2f4f0a7c11",
    "default": "INV-1024",
    "department": "finance",
    "description": "The invoice as text",
    "entry_id": "k7zq5hx2mc4wn6tbydr3vjf5sa",
    "expected": "A table with one row a line",
    "follows": "b4xj7rn5wq2cty6mzkd3hvf2la",
    "id": "ines",
    "into": "w5tb3kq7zc2nx6hmydr4vjf5oa",
    "item_id": "k7zq5hx2mc4wn6tbydr3vjf5sa",
    "item_version": 2,
    "jws": "eyJhbGciOiJFZDI1NTE5In0.eyJkZWNpc2lvbiI6ImFwcHJvdmUifQ.c2lnbmF0dXJl",
    "learned": "Ask for the currency first; two of eleven invoices were in another one.",
    "learned_as": "q3hn7xk5zw2cty6mrbd4vjf2ea",
    "model": "a large one",
    "name": "Ines Albrecht",
    "note": "It found every difference in eleven old invoices.",
    "origin": "the finance wiki",
    "person": "ines",
    "proof": "9a1e5d3c7b2f4860a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",
    "reason": "Clear, and tested by two teams.",
    "sample_output": "| line | ordered | invoiced |",
    "sub": "tomas",
    "title": "Match a supplier invoice to its purchase order",
    "tools": "chat assistant",
    "topics": "finance/invoicing",
    "version": 2,
    "why": "The decision is not signed by a curator.",
}
"""What a field of this name says, wherever it stands."""

_NUMBERS = {"endorsements": 2, "tries": 3, "worked": 2, "turn": 1}
_MOMENT = "2026-11-24T09:30:00.125000Z"


def sample_of(kind: type[Said]) -> dict[str, Any]:
    """A sample of an event.

    Raises:
        KeyError: nobody has said yet what a field of this name says; add it to this module.
    """
    schema = kind.model_json_schema()
    sample: dict[str, Any] = _example("", schema, schema.get("$defs", {}))
    return sample


def _example(name: str, schema: dict[str, Any], models: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(name, models[schema["$ref"].rsplit("/", 1)[1]], models)
    if "anyOf" in schema:
        return _example(name, schema["anyOf"][0], models)
    if "properties" in schema:
        return {field: _example(field, inner, models) for field, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return [_example(name, schema["items"], models)]
    return _word(name, schema)


def _word(name: str, schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    return _MOMENT if schema.get("format") == "date-time" else {**_WORDS, **_NUMBERS}[name]
