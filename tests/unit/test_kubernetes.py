"""The Kubernetes manifests, as they are written, agree with the code that they run."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

from shared.contracts import EVENTS
from shared.identity.policy import SERVICES
from shared.settings import Settings, variable
from tests.support.kubernetes import HOUSE, KUBERNETES, USERS, Manifest, containers, nodes, written

DECISIONS = "knowhow.codify.decisions.v1"
FILES = sorted(path for path in KUBERNETES.rglob("*") if path.is_file() and path.suffix != ".md")
MANIFESTS = [path for path in FILES if path.suffix == ".yaml"]
KNOWN = {variable(name) for name in Settings.model_fields}
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


def heard_by(service: str) -> set[str]:
    rows = import_module(f"services.{service}.events").ROWS
    return {row.heard.topic for row in rows if row.heard in EVENTS.values()}


def said_by(service: str) -> set[str]:
    return {event.topic for event in EVENTS.values() if event.topic.split(".")[1] == service}


@each_file
def test_every_variable_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"\bKNOWHOW_[A-Z_]+", path.read_text("utf-8")))
    files = {name.upper() for name in re.findall(r"\bknowhow_[a-z_]+", path.read_text("utf-8"))}

    databases = {f"KNOWHOW_{service.upper()}" for service in SERVICES}
    assert named | files <= KNOWN | databases


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_read_what_it_hears(service: str) -> None:
    assert allowed(service, "Read") == heard_by(service)
    assert allowed(service, "Read", of="group") == {f"knowhow.{service}"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_write_what_it_says_and_its_dead_letters(service: str) -> None:
    dead = {f"{topic}.dead.{service}" for topic in heard_by(service)}

    assert allowed(service, "Write") == said_by(service) | dead


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

    assert base["images"] == [{"name": "knowhow", "newTag": version}]


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
