"""The house's rules hold, and each contract is seen to fail where it is broken."""

import ast
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from shared.contracts import EVENTS
from shared.identity.policy import SERVICES

HOUSE = Path(__file__).parents[2]
ROOMS = ("deploy", "services", "shared")
SETUP = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))
CONTRACTS = [contract["name"] for contract in SETUP["tool"]["importlinter"]["contracts"]]
MODULES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
STEPS = [path for path in MODULES if path.parent.name == "steps" and path.name != "__init__.py"]
IDS = [str(path.relative_to(HOUSE)) for path in STEPS]

PLANTED = {
    "Services never import each other": ("services/share/planted.py", "import services.codify.events"),
    "What is shared knows no service": ("shared/flow/planted.py", "import services.share.events"),
    "Services know nothing of how they are deployed": (
        "services/spread/planted.py",
        "import deploy.local.origin",
    ),
    "Domains and steps import no client library, no web framework and no settings": (
        "services/codify/steps/planted.py",
        "import shared.settings",
    ),
    "MongoDB drivers are imported in one module only": ("shared/web/planted.py", "import pymongo"),
}
NOT_IN_STEPS = ["fastapi", "httpx", "aiokafka", "motor", "opensearchpy", "starlette", "shared.web.text"]


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(  # noqa: S603 - our own interpreter.
        [*command, "--no-cache"], cwd=house, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(HOUSE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_are_kept() -> None:
    found = lint_imports(HOUSE)

    assert found.returncode == 0, found.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in found.stdout


def test_there_is_a_violation_to_plant_for_each_contract() -> None:
    assert set(PLANTED) == set(CONTRACTS)


@pytest.mark.parametrize("contract", PLANTED)
def test_a_violation_is_seen(copy: Path, contract: str) -> None:
    path, line = PLANTED[contract]
    (copy / path).write_text(f'"""Planted."""\n\n{line}\n')

    found = lint_imports(copy)

    assert found.returncode != 0
    assert f"{contract} BROKEN" in " ".join(found.stdout.split())


@pytest.mark.parametrize("library", NOT_IN_STEPS)
def test_a_step_that_reaches_beyond_its_circle_is_seen(copy: Path, library: str) -> None:
    (copy / "services/share/domain/planted.py").write_text(f'"""Planted."""\n\nimport {library}\n')

    found = lint_imports(copy)

    assert found.returncode != 0
    assert "and no settings BROKEN" in " ".join(found.stdout.split())


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_only_one_module_imports_a_mongodb_driver() -> None:
    drivers = {
        str(path.relative_to(HOUSE))
        for path in MODULES
        for name in imports_of(path)
        if name.split(".")[0] in {"motor", "pymongo", "bson"}
    }

    assert drivers == {"shared/storage/drivers.py"}


CORE = {"__init__.py", "api.py", "app.py", "domain", "events.py", "shown.py", "steps", "storage.py"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_skeleton(service: str) -> None:
    inside = {path.name for path in (HOUSE / "services" / service).iterdir()} - {"__pycache__"}

    assert inside >= CORE
    assert (HOUSE / "services" / service / "steps" / "__init__.py").exists()
    assert (HOUSE / "services" / service / "domain" / "__init__.py").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_made_and_described_alike(service: str) -> None:
    about = import_module(f"services.{service}").__doc__ or ""
    made = inspect.signature(import_module(f"services.{service}.app").create_app)
    storage = import_module(f"services.{service}.storage")

    assert str(made) == "(settings: shared.settings.Settings) -> fastapi.applications.FastAPI"
    assert import_module(f"services.{service}.api").router.prefix == f"/{service}"
    assert hasattr(storage, f"{service.title()}Storage")
    assert all(f"\n{word}" in about for word in ("Owns ", "Hears ", "Says ", "Serves "))


@pytest.mark.parametrize("service", SERVICES)
def test_every_step_in_a_table_is_in_the_services_own_steps(service: str) -> None:
    rows = import_module(f"services.{service}.events").ROWS

    assert {row.step.__module__.rsplit(".", 1)[0] for row in rows} == {f"services.{service}.steps"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_describes_all_that_it_hears_and_says(service: str) -> None:
    about = import_module(f"services.{service}").__doc__ or ""
    hears = {row.heard.__name__ for row in import_module(f"services.{service}.events").ROWS} & set(EVENTS)
    says = {name for name, event in EVENTS.items() if event.topic.split(".")[1] == service}

    assert says <= set(re.findall(r"\w+", about))
    assert hears <= set(re.findall(r"\w+", about)) or "every event of every service" in about


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_every_step_tells_what_it_hears_says_and_what_comes_next(step: Path) -> None:
    about = ast.get_docstring(ast.parse(step.read_text("utf-8"))) or ""

    assert re.search(r"^Hears   \S", about, re.MULTILINE)
    assert re.search(r"^Says    \S", about, re.MULTILINE)
    following = re.search(r"^Next    (\S+\.py)", about, re.MULTILINE)
    assert following
    assert (HOUSE / following[1]).exists(), following[1]


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_a_step_hears_what_it_tells(step: Path) -> None:
    about = ast.get_docstring(ast.parse(step.read_text("utf-8"))) or ""
    service, module = step.parts[-3], f"services.{step.parts[-3]}.steps.{step.stem}"
    rows = import_module(f"services.{service}.events").ROWS

    hears = {row.heard.__name__ for row in rows if row.step.__module__ == module}
    assert hears <= set(re.findall(r"\w+", about)) or "every event of every service" in about


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_a_step_says_nothing_that_it_does_not_tell(step: Path) -> None:
    tree = ast.parse(step.read_text("utf-8"))

    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & set(EVENTS)
    assert named <= set(re.findall(r"\w+", ast.get_docstring(tree) or ""))


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(HOUSE)}:{node.lineno}", (node.end_lineno or 0) - node.lineno + 1


TESTS = sorted((HOUSE / "tests").rglob("*.py"))


def test_no_function_is_longer_than_forty_lines() -> None:
    long = {place: lines for path in (*MODULES, *TESTS) for place, lines in functions_of(path) if lines > 40}

    assert not long


def test_no_file_of_the_product_is_longer_than_250_lines() -> None:
    lines = {str(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert not {path: count for path, count in lines.items() if count > 250}


def test_no_test_replaces_parts_of_what_it_tests() -> None:
    imported = {name for path in TESTS for name in imports_of(path)}

    assert not {name for name in imported if name.split(".")[0] in {"mock", "unittest", "pytest_mock"}}
