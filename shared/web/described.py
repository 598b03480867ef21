"""An application whose OpenAPI document tells what problems look like and who must sign in."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from shared.identity.policy import POLICY, Everyone
from shared.web.problems import Problem

_REFERENCE = "#/components/schemas/{model}"
_SCHEMAS = models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)[1]["$defs"]
_BEARER = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


class Described(FastAPI):
    """FastAPI, with problems under their own content type and sign-in as the policy's table has it."""

    def openapi(self) -> dict[str, Any]:
        """The document; asking again gives the same."""
        document = super().openapi()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(_SCHEMAS)
        components["securitySchemes"] = _BEARER
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if POLICY.get((method.upper(), path)) is not Everyone.PUBLIC:
                    operation["security"] = [{"bearer": []}]
        return document
