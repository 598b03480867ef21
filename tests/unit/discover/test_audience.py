"""What moved is told whole to those who are signed in, and in general to everybody else."""

import re

import pytest

from services.discover.domain.item import Stage
from tests.support.start_page import SIGNED_IN, House, get

PLACES = ["/", "/discover/circulation", "/discover/circulation/live"]
TOLD = ["Ada", "Objections first", "Because"]
"""A name, a title and a remark."""


def house() -> House:
    return House(("Objections first", Stage.SHARED))


@pytest.mark.parametrize("path", PLACES)
async def test_those_who_are_signed_in_read_who_did_what_and_what_they_said(path: str) -> None:
    answer = await get(path, house(), SIGNED_IN)

    assert [word for word in TOLD if word not in answer.text] == []


@pytest.mark.parametrize("path", PLACES)
async def test_everybody_else_reads_no_name_no_title_and_no_remark(path: str) -> None:
    answer = await get(path, house())

    assert [word for word in TOLD if word in answer.text] == []


@pytest.mark.parametrize("path", PLACES)
async def test_everybody_reads_what_sort_of_thing_moved_and_when(path: str) -> None:
    answer = await get(path, house())

    assert answer.status_code == 200
    assert "Item endorsed." in answer.text
    assert "share" in answer.text
    assert re.search("2030-04-05T06:07:00(Z|.00:00)", answer.text)


async def test_what_an_event_is_called_in_general_does_not_give_away_what_was_said() -> None:
    whole = (await get("/discover/circulation", house(), SIGNED_IN)).json()["recent"][0]
    general = (await get("/discover/circulation", house())).json()["recent"][0]

    assert general["event_id"] != whole["event_id"]
    assert general["item_id"] == whole["item_id"]
    assert (await get("/discover/circulation", house())).json()["recent"] == [general]
