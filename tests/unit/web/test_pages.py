import re
from pathlib import Path

import pytest

import services.discover
import shared.web
from services.discover.domain.item import Stage
from tests.support.start_page import SIGNED_IN, House, get

OURS = [Path(module.__path__[0]) for module in (services.discover, shared.web)]
WRITTEN = sorted(
    file for folder in OURS for part in ("static", "templates") for file in (folder / part).glob("*.*")
)
ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)
NAMESPACE = "http://www.w3.org/2000/svg"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


async def test_the_page_shows_how_much_is_where() -> None:
    house = House(("First", Stage.SHARED), ("Another", Stage.SHARED), ("Third one", Stage.DELIVERED))

    page = await get("/", house)

    assert page.status_code == 200
    assert "3 pieces of" in page.text
    assert page.text.count('class="dot shared"') == 2 + 1
    assert re.search(r'id="at-shared".*?class="count">2<', page.text, re.DOTALL)


async def test_what_just_moved_can_be_read_without_a_script() -> None:
    page = await get("/", House(("Ask for objections first", Stage.SHARED)))

    assert "Item endorsed.</a>" in page.text
    assert 'class="what"' not in page.text
    assert "05 Apr 06:07 UTC" in page.text


async def test_the_page_names_items_to_those_who_are_signed_in() -> None:
    page = await get("/", House(("Ask for objections first", Stage.SHARED)), SIGNED_IN)

    assert "Ask for objections first</a>" in page.text
    assert "Endorsed: “Because Ask for objections first”" in page.text


async def test_one_item_is_spoken_of_as_one() -> None:
    page = await get("/", House(("Only one", Stage.CAPTURED)))

    assert re.search(r"1 piece of .*know-how.* goes round", page.text)


async def test_what_left_the_round_is_counted_apart() -> None:
    page = await get("/", House(("Stays", Stage.SHARED), ("Went away", Stage.WITHDRAWN)))

    assert "1 piece of" in page.text
    assert "Out of the round: 1 withdrawn." in page.text


async def test_an_empty_house_says_how_to_capture_the_first_item() -> None:
    page = await get("/", House())

    assert "Nothing goes round yet." in page.text
    assert "knowhow capture --kind trick" in page.text
    assert "What just moved" not in page.text


async def test_a_house_full_of_items_draws_no_more_dots_than_fit() -> None:
    house = House(*[(f"Item {number}", Stage.SHARED) for number in range(1200)])

    page = await get("/", house)

    assert "1,200 pieces of" in page.text
    assert "One dot is up to 50 items." in page.text
    assert page.text.count('class="dot shared"') == 1200 / 50 + 1


async def test_what_people_write_cannot_become_part_of_the_page() -> None:
    page = await get("/", House(("<script src=x></script>", Stage.SHARED)), SIGNED_IN)

    assert "<script src=x>" not in page.text
    assert "&lt;script src=x&gt;" in page.text


async def test_the_page_says_when_the_database_is_away() -> None:
    page = await get("/", House(away=True))

    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "Back in a moment." in page.text


async def test_a_page_may_load_nothing_but_files_of_ours() -> None:
    page = await get("/")

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"


async def test_only_styles_are_freer_on_the_page_of_the_api() -> None:
    page = await get("/share/docs")

    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert 'data-openapi="/share/openapi.json"' in page.text


@pytest.mark.parametrize("path", ["/", "/share/docs"])
async def test_nothing_on_a_page_comes_from_elsewhere_or_is_inline(path: str) -> None:
    page = await get(path, House(("Something", Stage.SHARED)))

    assert not ELSEWHERE.findall(page.text)
    assert not INLINE.findall(page.text)


@pytest.mark.parametrize("path", ["/", "/share/docs"])
async def test_every_file_that_a_page_names_is_there(path: str) -> None:
    page = await get(path)

    named = set(re.findall(r'"(/static/[^"]+)"', page.text))

    assert len(named) > 3
    assert [file for file in named if (await get(file)).status_code != 200] == []


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_no_file_of_ours_names_an_address_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8").replace(NAMESPACE, "")

    assert not ELSEWHERE.findall(text)
    assert len(text.splitlines()) < 250


@pytest.mark.parametrize(
    "file", [file for file in WRITTEN if file.suffix == ".js"], ids=lambda file: file.name
)
def test_every_module_that_a_script_imports_is_there(file: Path) -> None:
    imported = re.findall(r'from "\./([^"]+)"', file.read_text("utf-8"))

    assert [name for name in imported if not (file.parent / name).exists()] == []


async def test_a_file_that_is_still_the_same_is_not_sent_again() -> None:
    first = await get("/static/style.css")

    again = await get("/static/style.css", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["missing.css", "..%2fpages.py", "%2e%2e/pages.py", "%00", ""])
async def test_nothing_but_static_files_can_be_fetched(path: str) -> None:
    answer = await get(f"/static/{path}")

    assert answer.status_code == 404
