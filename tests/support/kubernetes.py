"""The Kubernetes manifests as they are written, and as Kustomize renders them where it is at hand."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

Manifest: TypeAlias = dict[str, Any]

HOUSE = Path(__file__).parents[2]
KUBERNETES = HOUSE / "deploy/kubernetes"
OVERLAYS = ("trial", "production")
USERS = KUBERNETES / "components/operators/kafka/users"


def written(path: Path) -> list[Manifest]:
    """The documents of one YAML file."""
    return _documents(path.read_text("utf-8"))


def renderer() -> list[str] | None:
    """The command that renders a folder, or nothing where neither kustomize nor kubectl is installed."""
    if shutil.which("kustomize"):
        return ["kustomize", "build"]
    return ["kubectl", "kustomize"] if shutil.which("kubectl") else None


def rendered(folder: str) -> list[Manifest]:
    """What would be applied of a folder below deploy/kubernetes; skips the test where nothing can render it."""
    command = renderer()
    if command is None:
        pytest.skip("Install kustomize or kubectl to see what the overlays render to.")
    return _rendered((*command, str(KUBERNETES / folder)))


@cache
def _rendered(command: tuple[str, ...]) -> list[Manifest]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command.
    assert done.returncode == 0, done.stderr
    return _documents(done.stdout)


def _documents(text: str) -> list[Manifest]:
    # The parser in C is ten times as fast, and definitions of resources are long.
    return [document for document in yaml.load_all(text, yaml.CSafeLoader) if document]


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    """The manifests of these kinds."""
    return [one for one in manifests if one["kind"] in kinds]


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    """The one manifest of this kind and name."""
    [found] = [one for one in of_kind(manifests, kind) if one["metadata"]["name"] == name]
    return found


def pods(manifests: list[Manifest]) -> list[Manifest]:
    """The pod templates of our own workloads, with their labels."""
    return [one["spec"]["template"] for one in of_kind(manifests, "StatefulSet", "Job")]


def pod_of(manifests: list[Manifest], service: str) -> Manifest:
    """The pod template of a service."""
    found: Manifest = named(manifests, "StatefulSet", f"knowhow-{service}")["spec"]["template"]
    return found


def containers(pod: Manifest) -> list[Manifest]:
    """All containers of a pod template, those that run first included."""
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]


def selects(selector: Manifest, pod: Manifest) -> bool:
    """True where a label selector without expressions takes in this pod template."""
    return set(selector.get("matchLabels", {}).items()) <= set(pod["metadata"]["labels"].items())


def nodes(value: Any) -> Iterator[Any]:
    """A value and everything inside it."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)
