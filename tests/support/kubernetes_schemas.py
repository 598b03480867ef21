"""The schemas of Kubernetes and of its operators, taken from where they are published; `python -m` this to get them.

Kubernetes and several operators are Go modules that hold their schemas, so Go's module cache is where to look.
Operators that are not come as YAML in the folder that CRDS names: what their releases install, or what
`kubectl get crds --output yaml` says.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import jsonschema_rs

from tests.support.kubernetes import written

Schema: TypeAlias = dict[str, Any]

KUBERNETES: Final = ("k8s.io/kubernetes", "v1.37.2", "api/openapi-spec/swagger.json")
OPERATORS: Final = (
    ("github.com/cert-manager/cert-manager", "v1.21.2", "deploy/crds/cert-manager.io_*.yaml"),
    ("github.com/kedacore/keda/v2", "v2.21.0", "config/crd/bases/keda.sh_*.yaml"),
    ("sigs.k8s.io/gateway-api", "v1.6.0", "config/crd/standard/*.yaml"),
    (
        "github.com/prometheus-operator/prometheus-operator",
        "v0.85.0",
        "example/prometheus-operator-crd/*podmonitors.yaml",
    ),
)


def get() -> str:
    """Let Go fetch what is not in its cache yet; what is missing where that cannot be, in a sentence."""
    if shutil.which("go") is None:
        return "Install Go to get the schemas; without it the manifests are not compared with any."
    wanted = [f"{module}@{version}" for module, version, _ in (KUBERNETES, *OPERATORS)]
    done = subprocess.run(["go", "mod", "download", *wanted], check=False)  # noqa: S603, S607 - Go from the PATH, our own list.
    return "Go could not fetch all schemas; only those at hand are compared." if done.returncode else ""


def validator(manifest: Schema) -> jsonschema_rs.Validator | None:
    """What a manifest of this version and kind must look like, or nothing where no schema is at hand."""
    group, _, version = manifest["apiVersion"].rpartition("/")
    return _validator((group, version, manifest["kind"]))


@cache
def _validator(kind: tuple[str, str, str]) -> jsonschema_rs.Validator | None:
    schema = _built_in().get(kind) or _custom().get(kind)
    return jsonschema_rs.validator_for(schema) if schema else None


def _module(module: str, version: str) -> Path:
    cache_of_go = os.environ.get("GOMODCACHE") or Path.home() / "go/pkg/mod"
    return Path(cache_of_go) / f"{module}@{version}"


@cache
def _built_in() -> dict[tuple[str, str, str], Schema]:
    module, version, name = KUBERNETES
    file = _module(module, version) / name
    if not file.exists():
        return {}
    definitions = _each_strict(json.loads(file.read_text("utf-8"))["definitions"])
    return {
        (kind["group"], kind["version"], kind["kind"]): {
            "$ref": f"#/definitions/{name}",
            "definitions": definitions,
        }
        for name, schema in definitions.items()
        for kind in schema.get("x-kubernetes-group-version-kind", ())
    }


@cache
def _custom() -> dict[tuple[str, str, str], Schema]:
    return {
        (crd["spec"]["group"], version["name"], crd["spec"]["names"]["kind"]): strict(
            version["schema"]["openAPIV3Schema"]
        )
        for crd in _definitions()
        for version in crd["spec"]["versions"]
    }


def _definitions() -> Iterator[Schema]:
    for file in _files():
        for document in written(file):
            for one in document.get("items", [document]):
                if one.get("kind") == "CustomResourceDefinition":
                    yield one


def _files() -> Iterator[Path]:
    for module, version, names in OPERATORS:
        yield from _module(module, version).glob(names)
    if os.environ.get("CRDS"):
        yield from Path(os.environ["CRDS"]).glob("*.y*ml")


def strict(schema: Any) -> Any:
    """A schema as JSON Schema has it, in which an unknown field is an error, as it is where it is applied."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {
        name: _each_strict(inner) if name == "properties" else strict(inner) for name, inner in schema.items()
    }
    if schema.get("format") == "int-or-string" or schema.get("x-kubernetes-int-or-string"):
        changed["type"] = ["integer", "string"]
    if "properties" in schema and not _open(schema):
        changed["additionalProperties"] = False
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        changed["type"] = [schema["type"], "null"]
    return changed


def _each_strict(schemas: Schema) -> Schema:
    return {name: strict(schema) for name, schema in schemas.items()}


def _open(schema: Schema) -> bool:
    return "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields", False)


if __name__ == "__main__":
    sys.stderr.write(f"{get()}\n")
