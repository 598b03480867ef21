"""Every manifest is as Kubernetes and the operators want it, where their schemas are at hand (`make check-kubernetes`)."""

import copy

import pytest

from tests.support.kubernetes import KUBERNETES, OVERLAYS, USERS, Manifest, named, rendered, written
from tests.support.kubernetes_schemas import strict, validator

BESIDE = (KUBERNETES / "components/monitoring/podmonitor.yaml", USERS / "curator.example.yaml")
"""What no overlay uses, until somebody wants it."""


def beside() -> list[Manifest]:
    return [manifest for path in BESIDE for manifest in written(path)]


def faults(manifest: Manifest) -> list[str] | None:
    """What the schema of this kind has against a manifest; nothing at all where there is no schema."""
    check = validator(manifest)
    if check is None:
        return None
    metadata = manifest["metadata"]["name"]
    return [
        f"{manifest['kind']} {metadata}: {one.instance_path}: {one.message}"
        for one in check.iter_errors(manifest)
    ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_manifest_is_as_its_schema_says(overlay: str) -> None:
    found = [faults(one) for one in (*rendered(f"overlays/{overlay}"), *beside())]

    assert not [fault for one in found for fault in one or ()]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_kind_is_left_unchecked(overlay: str) -> None:
    manifests = (*rendered(f"overlays/{overlay}"), *beside())
    unknown = sorted({f"{one['apiVersion']} {one['kind']}" for one in manifests if faults(one) is None})

    if unknown:
        pytest.skip(
            f"No schemas of {', '.join(unknown)}: run `make check-kubernetes`, "
            "with CRDS=<folder> for operators that are no Go modules."
        )


def test_a_misspelt_field_is_seen() -> None:
    manifest = copy.deepcopy(named(rendered("overlays/trial"), "StatefulSet", "knowhow-share"))
    [container] = manifest["spec"]["template"]["spec"]["containers"]
    container["readynessProbe"] = container.pop("readinessProbe")

    found = faults(manifest)

    if found is None:
        pytest.skip("No schemas of Kubernetes: run `make check-kubernetes`.")
    assert "readynessProbe" in str(found)


def test_a_schema_becomes_strict_where_it_is_not_open() -> None:
    closed = strict({"type": "object", "properties": {"port": {"x-kubernetes-int-or-string": True}}})
    opened = strict({"type": "object", "properties": {}, "x-kubernetes-preserve-unknown-fields": True})

    assert closed["additionalProperties"] is False
    assert closed["properties"]["port"]["type"] == ["integer", "string"]
    assert "additionalProperties" not in opened
