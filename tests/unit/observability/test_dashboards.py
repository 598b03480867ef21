"""What the repository ships for operators names only metrics that exist, and explains every alert."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Histogram

from shared.identity.policy import POLICY, SERVICES
from shared.observability.listing import listing
from shared.observability.metrics import LISTED

HOUSE = Path(__file__).parents[3]
SHIPPED = HOUSE / "deploy" / "observability"
FILES = sorted(path for path in SHIPPED.rglob("*") if path.suffix in {".yaml", ".json"})
DASHBOARDS = sorted(SHIPPED.rglob("dashboards/*.json"))
RULES = [
    rule
    for group in yaml.safe_load((SHIPPED / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
OPERATING = (HOUSE / "docs" / "operating.md").read_text()
FOREIGN = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
NAMES = re.compile(r"\b(?:knowhow_\w+|process_\w+|up)\b")
LABELS = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
STRINGS = re.compile(r"\"[^\"]*\"")


def told() -> dict[str, set[str]]:
    """Each name under which samples are told, with the labels that they have."""
    return {
        f"{one.name}{suffix}": {"service", *one.labels, *({"le"} if suffix == "_bucket" else ())}
        for one in LISTED
        for suffix in (("_bucket", "_count", "_sum") if one.kind is Histogram else ("",))
    }


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            yield f"{path.stem}: {panel['title']}", panel


EXPRESSIONS = {f"alert {rule['alert']}": rule["expr"] for rule in RULES} | {
    f"{name} {target['refId']}": target["expr"] for name, panel in panels() for target in panel["targets"]
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_can_be_read(path: Path) -> None:
    text = path.read_text()

    assert json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_an_expression_names_only_metrics_and_labels_that_exist(where: str) -> None:
    expression = EXPRESSIONS[where]
    named = set(NAMES.findall(STRINGS.sub('""', expression)))
    labels = {label for name in named & told().keys() for label in told()[name]} | {"job", "instance"}

    assert named
    assert named <= told().keys() | FOREIGN
    assert set(LABELS.findall(expression)) <= labels
    assert {
        part.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for part in by.split(",")
    } <= labels


def test_every_metric_is_shown_or_alerts() -> None:
    used = {name for text in EXPRESSIONS.values() for name in NAMES.findall(text)}
    bare = {re.sub(r"_(bucket|count|sum)$", "", name) for name in used}

    assert {one.name for one in LISTED} <= bare


def test_counters_are_read_as_rates_only() -> None:
    counters = [one.name for one in LISTED if one.kind is Counter]

    for where, expression in EXPRESSIONS.items():
        for name in counters:
            reads = re.findall(rf"(\w+)\({name}|({name})", expression)
            assert all(function in {"rate", "increase"} for function, _ in reads), where


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_is_wrong_and_where_to_read_on(rule: dict[str, Any]) -> None:
    name = rule["alert"]

    assert re.search(rf"^### {name}$", OPERATING, re.MULTILINE)
    assert rule["annotations"]["runbook"] == f"docs/operating.md#{name.lower()}"
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_no_alert_is_explained_that_does_not_exist() -> None:
    section = OPERATING.split("## Alerts", 1)[1].split("\n## ", 1)[0]

    assert re.findall(r"^### (\w+)$", section, re.MULTILINE) == [rule["alert"] for rule in RULES]


def test_all_four_services_are_scraped_where_they_tell() -> None:
    scraped = yaml.safe_load((SHIPPED / "prometheus.yaml").read_text())["scrape_configs"]

    assert {job["job_name"] for job in scraped} == set(SERVICES)
    for job in scraped:
        assert job["metrics_path"] == f"/{job['job_name']}/metrics"
        assert ("GET", job["metrics_path"]) in POLICY
        assert [where["names"] for where in job["dns_sd_configs"]] == [[job["job_name"]]]


def test_dashboards_ask_only_the_data_sources_that_are_provisioned() -> None:
    [provisioned] = SHIPPED.rglob("datasources.yaml")
    known = {one["uid"] for one in yaml.safe_load(provisioned.read_text())["datasources"]}

    asked = {target["datasource"]["uid"] for _, panel in panels() for target in panel["targets"]}
    assert asked <= known


def test_the_collector_uses_all_that_it_defines_and_nothing_else() -> None:
    config = yaml.safe_load((SHIPPED / "collector.yaml").read_text())
    [traces] = config["service"]["pipelines"].values()

    for part in ("receivers", "processors", "exporters"):
        assert set(traces[part]) == set(config[part])
    assert set(config["service"]["extensions"]) == set(config["extensions"])
    assert (
        config["exporters"]["jaeger_storage_exporter"]["trace_storage"]
        in config["extensions"]["jaeger_storage"]["backends"]
    )


def test_the_page_of_metrics_is_current() -> None:
    assert (HOUSE / "docs" / "metrics.md").read_text() == listing(), (
        "Write it anew: python -m shared.observability.listing > docs/metrics.md"
    )
