"""The OpenAPI documents say what problems look like, and where one must sign in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.identity.policy import POLICY, Everyone
from tests.support.closed_house import closed_house, openapi_of

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
async def documents(tmp_path: Path) -> dict[str, Any]:
    return await openapi_of(closed_house(tmp_path))


def operations(documents: dict[str, Any]) -> Iterator[Operation]:
    for document in documents.values():
        for path, methods in document["paths"].items():
            yield from ((method.upper(), path, operation) for method, operation in methods.items())


def test_every_refusal_is_described_as_a_problem(documents: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

    for method, path, operation in operations(documents):
        refusals = [said for status, said in operation["responses"].items() if status.startswith("4")]
        assert refusals, f"{method} {path}"
        assert all(said["content"] == problem for said in refusals), f"{method} {path}"


def test_what_a_problem_is_stands_in_every_document(documents: dict[str, Any]) -> None:
    for document in documents.values():
        assert {"title", "status", "detail"} <= document["components"]["schemas"]["Problem"][
            "properties"
        ].keys()


def test_one_signs_in_exactly_where_the_table_says_so(documents: dict[str, Any]) -> None:
    for method, path, operation in operations(documents):
        needed = POLICY[method, path] is not Everyone.PUBLIC

        assert operation.get("security") == ([{"bearer": []}] if needed else None), f"{method} {path}"
