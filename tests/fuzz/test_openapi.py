"""Every operation of every service, asked at random: nothing breaks, and every answer is as documented.

Each run asks the same; `FUZZ_EXAMPLES=300 python -m pytest tests/fuzz` asks more, and something else each time.
"""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.conftest import Doorkeeper, Known
from tests.support.closed_house import closed_house, openapi_of

ENDLESS = "/(circulation|{department})/live$"
"""Streams never end; other tests read them."""

EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429]
CONFIG: dict[str, Any] = {
    "generation": {"max-examples": int(EXAMPLES or 25), "deterministic": not EXAMPLES, "no-shrink": True},
    "checks": {
        "negative_data_rejection": {"expected-statuses": REFUSALS},
        # Some rules, such as those on control characters, are told in sentences that no schema can say.
        "positive_data_acceptance": {"enabled": False},
    },
    # A parameter that nobody knows is passed over, as on the web at large; a field of a body is not.
    "operations": [{"include-method": "GET", "checks": {"negative_data_rejection": {"enabled": False}}}],
}
AS_DOCUMENTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
"""What holds of any answer, whatever was asked."""

patiently = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _schemas() -> dict[str, BaseSchema]:
    with TemporaryDirectory() as directory:
        documents = asyncio.run(openapi_of(closed_house(Path(directory))))
    config = SchemathesisConfig.from_dict(CONFIG)
    return {
        name: schemathesis.openapi.from_dict(one, config=config).exclude(path_regex=ENDLESS)
        for name, one in documents.items()
    }


SCHEMAS = _schemas()
ABOUT_SOMETHING = {
    name: schema.exclude(path_regex="^[^{]*$|/dead-letters/")
    for name, schema in SCHEMAS.items()
    if name != "identity"
}
"""The operations on one thing, which random ids never find."""


@pytest.mark.fuzz
@schemathesis.pytest.parametrize(**SCHEMAS)
@patiently
def test_an_operation_answers_as_documented(case: Case[Any], house_url: str, doorkeeper: Doorkeeper) -> None:
    headers = doorkeeper.headers(case.operation.method.upper(), case.operation.path)

    case.call_and_validate(house_url, headers=headers)


@pytest.mark.fuzz
@schemathesis.pytest.parametrize(**ABOUT_SOMETHING)
@patiently
def test_an_operation_on_what_exists_answers_as_documented(
    case: Case[Any], house_url: str, doorkeeper: Doorkeeper, existing: Known
) -> None:
    headers = doorkeeper.headers(case.operation.method.upper(), case.operation.path)
    case.path_parameters = {name: next(existing[name]) for name in case.path_parameters}
    if case.method == "PATCH":
        here = httpx.get(house_url + case.formatted_path, headers=headers, trust_env=False)
        headers["If-Match"] = here.headers.get("ETag", '"1"')

    case.call_and_validate(house_url, headers=headers, checks=AS_DOCUMENTED)
