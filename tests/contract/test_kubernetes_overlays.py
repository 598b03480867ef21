"""What the overlays render to keeps its promises: nothing runs unguarded, and every service has all that it needs."""

import pytest

from deploy.topics.settings import TopicSettings
from shared.identity.policy import SERVICES
from tests.support.kubernetes import (
    OVERLAYS,
    Manifest,
    containers,
    named,
    of_kind,
    pod_of,
    pods,
    rendered,
    selects,
)


def policies(manifests: list[Manifest], pod: Manifest, way: str) -> list[Manifest]:
    """The network policies that bind this pod in one direction."""
    return [
        one["spec"]
        for one in of_kind(manifests, "NetworkPolicy")
        if way in one["spec"]["policyTypes"]
        and "matchExpressions" not in one["spec"]["podSelector"]
        and selects(one["spec"]["podSelector"], pod)
    ]


def peers(manifests: list[Manifest], pod: Manifest) -> list[Manifest]:
    """What else in the namespace a pod may talk to."""
    rules = [rule for one in policies(manifests, pod, "Egress") for rule in one.get("egress", ())]
    selectors = [to for rule in rules for to in rule.get("to", ()) if "namespaceSelector" not in to]
    return [to["podSelector"]["matchLabels"] for to in selectors if "podSelector" in to]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_keeps_to_the_restricted_standard(overlay: str) -> None:
    for pod in pods(rendered(f"overlays/{overlay}")):
        context = pod["spec"]["securityContext"]
        assert (context["runAsNonRoot"], context["runAsUser"]) == (True, 10001)
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod["spec"])
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_pod_gets_a_token_of_kubernetes(overlay: str) -> None:
    manifests = rendered(f"overlays/{overlay}")

    for pod in pods(manifests):
        account = named(manifests, "ServiceAccount", pod["spec"]["serviceAccountName"])
        assert (pod["spec"]["automountServiceAccountToken"], account["automountServiceAccountToken"]) == (
            False,
            False,
        )


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_has_requests_limits_and_a_pinned_image(overlay: str) -> None:
    found = [one for pod in pods(rendered(f"overlays/{overlay}")) for one in containers(pod)]

    assert len(found) == 2 * len(SERVICES) + 1
    for container in found:
        assert {"cpu", "memory"} == set(container["resources"]["requests"])
        assert {"cpu", "memory"} == set(container["resources"]["limits"])
        assert container["image"].rpartition(":")[2] not in {"", "latest", container["image"]}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_is_probed_and_behind_the_gateway(overlay: str, service: str) -> None:
    manifests = rendered(f"overlays/{overlay}")
    pod = pod_of(manifests, service)
    [container] = pod["spec"]["containers"]
    door = named(manifests, "Service", f"knowhow-{service}")
    [route] = of_kind(manifests, "HTTPRoute")

    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
    assert door["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    paths = {
        match["path"]["value"]: rule["backendRefs"][0]["name"]
        for rule in route["spec"]["rules"]
        for match in rule["matches"]
    }
    assert paths[f"/{service}"] == door["metadata"]["name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_talks_unless_a_policy_says_so(overlay: str) -> None:
    manifests = rendered(f"overlays/{overlay}")

    deny = named(manifests, "NetworkPolicy", "deny-by-default")["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for service in SERVICES:
        entries = [
            rule["from"]
            for one in policies(manifests, pod_of(manifests, service), "Ingress")
            for rule in one.get("ingress", ())
        ]
        assert entries == [[{"namespaceSelector": {"matchLabels": {"knowhow-gateway": "true"}}}]]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_the_servers_that_it_uses_and_no_other_service(service: str) -> None:
    manifests = rendered("overlays/production")
    found = peers(manifests, pod_of(manifests, service))

    servers = [{"strimzi.io/name": "knowhow-kafka"}, {"app": "knowhow-mongodb-svc"}]
    search = [{"opensearch.org/opensearch-cluster": "knowhow-opensearch"}] if service == "spread" else []
    assert sorted(map(str, found)) == sorted(map(str, servers + search))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_in_production_survives_the_loss_of_a_node(service: str) -> None:
    manifests = rendered("overlays/production")
    pod = pod_of(manifests, service)
    [budget] = [
        one for one in of_kind(manifests, "PodDisruptionBudget") if selects(one["spec"]["selector"], pod)
    ]

    assert budget["spec"]["maxUnavailable"] == 1
    spread = {one["topologyKey"] for one in pod["spec"]["topologySpreadConstraints"]}
    assert spread == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_in_production_scales_by_its_own_lag(service: str) -> None:
    manifests = rendered("overlays/production")
    scaled = named(manifests, "ScaledObject", f"knowhow-{service}")["spec"]

    assert scaled["scaleTargetRef"]["name"] == f"knowhow-{service}"
    assert 2 <= scaled["minReplicaCount"] < scaled["maxReplicaCount"] <= TopicSettings().topics_partitions
    assert scaled["triggers"][0]["metadata"]["consumerGroup"] == f"knowhow.{service}"
    # A number in the manifest would undo the scaler's with every apply.
    assert "replicas" not in named(manifests, "StatefulSet", f"knowhow-{service}")["spec"]
