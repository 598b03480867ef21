"""What the pods of production are given is all that their settings ask for, and each secret comes from somewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.topics.settings import TopicSettings
from shared.identity.policy import SERVICES
from shared.settings import Settings
from tests.support.kubernetes import (
    KUBERNETES,
    OVERLAYS,
    Manifest,
    named,
    nodes,
    of_kind,
    pod_of,
    pods,
    rendered,
)


def sources(pod: Manifest) -> list[Manifest]:
    """The secrets that a pod reads its settings from."""
    [volume] = [one for one in pod["spec"]["volumes"] if one["name"] == "secrets"]
    return [one["secret"] for one in volume["projected"]["sources"]]


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Manifest], Manifest], None]:
    """Makes this process see the environment and the files that a pod's main container would."""
    whole = {"knowhow-shared": ["knowhow_author_key"], "knowhow-gateway": ["knowhow_gateway_key"]}

    def see(manifests: list[Manifest], pod: Manifest) -> None:
        [shared] = [one["data"] for one in of_kind(manifests, "ConfigMap") if "KNOWHOW_KAFKA" in one["data"]]
        fields = {"metadata.name": "the-pod-0", "spec.serviceAccountName": pod["spec"]["serviceAccountName"]}
        for one in pod["spec"]["containers"][0]["env"]:
            value = one.get("value") or fields[one["valueFrom"]["fieldRef"]["fieldPath"]]
            shared = {**shared, one["name"]: value}
        for name, value in shared.items():
            monkeypatch.setenv(name, str(tmp_path / "ca") if name.endswith("_CA") else value)
        for secret in sources(pod):
            paths = whole.get(secret["name"]) or [one["path"] for one in secret["items"]]
            for path in paths:
                (tmp_path / path).write_text(f"from {secret['name']}, which is long enough")
        (tmp_path / "ca").touch()
        monkeypatch.setenv("KNOWHOW_SECRETS", str(tmp_path))

    return see


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_in_production_reads_every_setting_that_it_needs(service: str, inside: Any) -> None:
    manifests = rendered("overlays/production")

    inside(manifests, pod_of(manifests, service))
    settings = Settings()

    assert (settings.instance, settings.kafka_user) == ("the-pod-0", f"knowhow-{service}")
    assert (settings.kafka, settings.kafka_security) == ("knowhow-kafka-bootstrap:9093", "SASL_SSL")
    assert settings.mongodb.startswith(f"from knowhow-{service}-mongodb")
    assert settings.kafka_ca
    assert bool(settings.gateway_key.get_secret_value()) == (service == "codify")
    assert bool(settings.opensearch_login and settings.opensearch_ca) == (service == "spread")


def test_the_job_for_the_topics_reads_its_settings(inside: Any) -> None:
    manifests = rendered("overlays/production")

    inside(manifests, named(manifests, "Job", "knowhow-topics")["spec"]["template"])

    assert TopicSettings().kafka_user == "knowhow-topics"


def test_every_secret_is_made_by_an_operator_or_by_our_script() -> None:
    manifests = rendered("overlays/production")
    script = (KUBERNETES / "secrets.example.sh").read_text("utf-8")
    made = {user["metadata"]["name"] for user in of_kind(manifests, "KafkaUser")}
    made |= {"knowhow-cluster-ca-cert", "knowhow-opensearch-ca"}
    made |= {one["spec"]["secretName"] for one in of_kind(manifests, "Certificate")}
    made |= {
        user["connectionStringSecretName"]
        for one in of_kind(manifests, "MongoDBCommunity")
        for user in one["spec"]["users"]
    }

    wanted = {
        one["secret"].get("secretName") or one["secret"]["name"]
        for pod in pods(manifests)
        for one in nodes(pod)
        if isinstance(one, dict) and "secret" in one
    }
    assert {name for name in wanted - made if f"secret {name} " not in script} == set()


def test_the_key_of_the_gateway_is_in_codify_s_pods_only() -> None:
    manifests = rendered("overlays/production")

    holders = [
        one["metadata"]["name"]
        for one in of_kind(manifests, "StatefulSet")
        if {"name": "knowhow-gateway"} in list(nodes(one))
    ]
    assert holders == ["knowhow-codify"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_rendered(overlay: str) -> None:
    assert not of_kind(rendered(f"overlays/{overlay}"), "Secret")
