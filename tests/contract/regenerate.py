"""Writes down what the contracts say now: `python -m tests.contract.regenerate`, after a contract has grown."""

import sys

from shared.contracts import EVENTS
from tests.support.contracts import (
    ASYNCAPI,
    GOLDEN,
    asyncapi_now,
    breaches,
    golden,
    golden_names,
    schema_of,
    written,
)
from tests.support.samples import sample_of


def regenerate() -> list[str]:
    """Write the golden files and the AsyncAPI document, unless a contract has broken: then say how, and write nothing."""
    agreed = golden_names("schema")
    broken = [f"{name}: gone, though others may hear it" for name in sorted(agreed - set(EVENTS))]
    for name in sorted(agreed & set(EVENTS)):
        broken += [f"{name}: {how}" for how in breaches(golden(name, "schema"), schema_of(EVENTS[name]))]
    if not broken:
        _write()
    return broken


def _write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name, kind in EVENTS.items():
        (GOLDEN / f"{name}.schema.json").write_text(written(schema_of(kind)), "utf-8")
        (GOLDEN / f"{name}.sample.json").write_text(written(sample_of(kind)), "utf-8")
    ASYNCAPI.write_text(written(asyncapi_now()), "utf-8")


if __name__ == "__main__":
    if found := regenerate():
        sys.exit("\n".join([*found, "Take it back, or say it on a topic .v2 under a new name."]))
