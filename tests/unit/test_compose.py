"""What the compose file promises: nothing but the gateway is open, nobody has more than they need, versions are pinned."""

from pathlib import Path
from typing import Any

import pytest
import yaml

WHOLE: dict[str, Any] = yaml.safe_load(Path("docker-compose.yml").read_text("utf-8"))
CONTAINERS: dict[str, Any] = WHOLE["services"]
OURS = ("discover", "share", "codify", "spread")


def test_only_the_gateway_is_open() -> None:
    assert [name for name, one in CONTAINERS.items() if "ports" in one] == ["gateway"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_each_container_has_limits_and_no_privileges(name: str) -> None:
    one = CONTAINERS[name]

    assert {"cpus", "memory", "pids"} <= set(one["deploy"]["resources"]["limits"])
    assert one["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in one["security_opt"]
    assert one["restart"] in {"unless-stopped", "on-failure:5"}


@pytest.mark.parametrize("name", [name for name, one in CONTAINERS.items() if "build" in one])
def test_what_is_ours_cannot_write_to_its_image(name: str) -> None:
    assert CONTAINERS[name]["read_only"] is True


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_image_of_others_has_a_version(name: str) -> None:
    image = CONTAINERS[name]["image"]

    assert (
        image.startswith("knowhow-circulation:") or image.rpartition(":")[2].removeprefix("v")[:1].isdigit()
    )


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_when_topics_and_users_are_made(name: str) -> None:
    needed = CONTAINERS[name]["depends_on"]

    assert needed["topics"] == needed["mongodb-users"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_a_user_of_its_own_and_knows_no_other_password(name: str) -> None:
    environment = CONTAINERS[name]["environment"]

    assert environment["KNOWHOW_KAFKA_USER"] == f"knowhow-{name}"
    for other in (*OURS, "root"):
        assert (f"_PASSWORD_{other.upper()}" in str(environment)) == (other == name)


def test_codify_alone_has_the_key_that_signs_decisions() -> None:
    assert [name for name, one in CONTAINERS.items() if "KNOWHOW_GATEWAY_KEY" in str(one)] == ["codify"]


def test_servers_cannot_be_reached_from_outside_nor_reach_it() -> None:
    inside = {name for name, network in WHOLE["networks"].items() if network and network.get("internal")}

    for server in ("kafka", "mongodb", "opensearch"):
        assert set(CONTAINERS[server]["networks"]) <= inside


def test_nobody_but_spread_reaches_opensearch() -> None:
    assert [name for name, one in CONTAINERS.items() if "search" in one.get("networks", ())] == [
        "spread",
        "opensearch",
    ]
