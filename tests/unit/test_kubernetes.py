"""The Kubernetes manifests, as they are written, agree with the code that they run."""

import re
import tomllib
from pathlib import Path

import pytest
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

from deploy.topics.settings import TopicSettings
from deploy.topics.wanted import DECISIONS, Operation, Resource, accesses, user_of
from shared.identity.policy import SERVICES
from shared.settings import Settings, variable
from tests.support.kubernetes import HOUSE, KUBERNETES, USERS, Manifest, containers, nodes, written

FILES = sorted(path for path in KUBERNETES.rglob("*") if path.is_file() and path.suffix != ".md")
MANIFESTS = [path for path in FILES if path.suffix == ".yaml"]
KNOWN = {variable(name) for kind in (Settings, TopicSettings) for name in kind.model_fields}
SECRET = {
    variable(name) for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
}
"""The settings that may only come from files of secrets."""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(KUBERNETES)))


def stateful_set() -> Manifest:
    [found] = written(KUBERNETES / "base/service/statefulset.yaml")
    return found


def allowed(user: str, operation: str, of: str = "topic") -> set[str]:
    """The names of what a Kafka user may do this to."""
    [principal] = written(USERS / f"{user}.yaml")
    acls = principal["spec"]["authorization"]["acls"]
    assert principal["metadata"]["name"] in {f"knowhow-{user}", "curator-tomas"}
    return {
        acl["resource"]["name"]
        for acl in acls
        if operation in acl["operations"] and acl["resource"]["type"] == of
    }


def needed(service: str, operation: Operation, of: Resource = Resource.TOPIC) -> set[str]:
    """The same as the contracts and the services' tables have it, which is what the job for the topics expects."""
    return {
        one.name
        for one in accesses(TopicSettings())
        if (one.user, one.operation, one.resource) == (user_of(service), operation, of)
    }


@each_file
def test_every_variable_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"\bKNOWHOW_[A-Z_]+", path.read_text("utf-8")))
    files = {name.upper() for name in re.findall(r"\bknowhow_[a-z_]+", path.read_text("utf-8"))}

    databases = {f"KNOWHOW_{service.upper()}" for service in SERVICES}
    assert named | files <= KNOWN | databases


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_in_kafka_what_it_needs_and_no_more(service: str) -> None:
    assert allowed(service, "Read") == needed(service, Operation.READ)
    assert allowed(service, "Write") == needed(service, Operation.WRITE)
    assert allowed(service, "Read", of="group") == needed(service, Operation.READ, Resource.GROUP)
    assert not allowed(service, "All") | allowed(service, "Alter") | allowed(service, "Create")


def test_only_codify_and_curators_may_write_decisions() -> None:
    writers = {path.stem for path in USERS.glob("*.yaml") if path.name != "kustomization.yaml"}

    assert {user for user in writers if DECISIONS in allowed(user, "Write")} == {"codify", "curator.example"}
    assert allowed("curator.example", "Write") == {DECISIONS}
    assert not allowed("topics", "Write") | allowed("topics", "Read")
    assert not allowed("scaler", "Write") | allowed("scaler", "Read")


def test_nobody_may_write_by_a_prefix() -> None:
    acls = [
        one for path in USERS.glob("*.yaml") for one in nodes(written(path)) if "operations" in _keys(one)
    ]

    assert len(acls) > len(SERVICES)
    for acl in acls:
        assert acl["resource"].get("patternType") != "prefix" or not {"Write", "Read", "All"} & {
            *acl["operations"]
        }


def _keys(value: object) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


@pytest.mark.parametrize("service", SERVICES)
def test_probes_ask_the_service_itself(service: str) -> None:
    [patch] = written(KUBERNETES / "base" / service / f"{service}.yaml")
    [container] = patch["spec"]["template"]["spec"]["containers"]

    assert container["args"] == [service]
    assert container["startupProbe"]["httpGet"]["path"] == f"/{service}/live"
    assert container["livenessProbe"]["httpGet"]["path"] == f"/{service}/live"
    assert container["readinessProbe"]["httpGet"]["path"] == f"/{service}/ready"


def test_an_instance_is_named_after_its_pod() -> None:
    [container] = stateful_set()["spec"]["template"]["spec"]["containers"]

    [instance] = [one for one in container["env"] if one["name"] == variable("instance")]
    assert instance["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"


def test_containers_are_limited_and_cannot_change_anything() -> None:
    pod = stateful_set()["spec"]["template"]

    assert pod["spec"]["securityContext"]["runAsNonRoot"]
    for container in containers(pod):
        assert set(container["resources"]) == {"requests", "limits"}
        assert container["securityContext"]["readOnlyRootFilesystem"]


def test_only_codify_has_the_key_of_the_gateway() -> None:
    holders = {path.parent.name for path in MANIFESTS if "name: knowhow-gateway" in path.read_text("utf-8")}

    assert holders == {"codify", "operators"}


def test_the_image_is_that_of_this_version() -> None:
    version = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    [base] = written(KUBERNETES / "base/kustomization.yaml")

    assert base["images"] == [{"name": "knowhow-circulation", "newTag": version}]


def secrets_in(path: Path) -> set[str | None]:
    """What looks like a secret and is not the name of one of ours."""
    with default_settings():
        found = SecretsCollection()
        found.scan_file(str(path))
    return {one.secret_value for _, one in found if not str(one.secret_value).startswith("knowhow-")}


@each_file
def test_no_file_holds_a_secret(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not secrets_in(path)
    assert not re.search(r"kind: Secret$|^secretGenerator", text, re.MULTILINE)
    assert not [name for name in SECRET if re.search(f"{name} *[=:]", text)]


def test_a_secret_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "planted.yaml").write_text("data:\n  password: hunter2hunter2\n")

    assert secrets_in(tmp_path / "planted.yaml") == {"hunter2hunter2"}
    assert {"KNOWHOW_AUTHOR_KEY", "KNOWHOW_KAFKA_PASSWORD"} <= SECRET
