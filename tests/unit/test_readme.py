"""The README's journey table tells the truth."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.*?) \| (.*?) \| \[(.+?)\]\((.+?)\) \|$", re.MULTILINE)
ROWS = ROW.findall(Path("README.md").read_text("utf-8"))
TABLES = {
    name: import_module(f"services.{name}.events").ROWS for name in ("discover", "share", "codify", "spread")
}


def test_the_journey_has_eleven_steps_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 12))


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_a_step_is_where_the_readme_says_and_hears_what_it_says(row: tuple[str, ...]) -> None:
    _, _, hears, _, shown, path = row

    module = path.removesuffix(".py").replace("/", ".")
    service = path.split("/")[1]
    heard = {on.heard.__name__ for on in TABLES[service] if on.step.__module__ == module}
    assert shown == path
    assert set(hears.split(", ")) <= heard


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_a_step_names_what_it_says(row: tuple[str, ...]) -> None:
    says, path = row[3], row[5]

    source = Path(path).read_text("utf-8")
    assert all(said in source for said in says.split(", "))
