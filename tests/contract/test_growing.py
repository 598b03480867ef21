"""What counts as growing, and what as breaking those who hear."""

from datetime import datetime

import pytest
from pydantic import create_model

from shared.contracts.base import Contract, Said
from tests.support.contracts import breaches, schema_of


class Somebody(Contract):
    """Who it was."""

    id: str
    name: str | None = None


class Happened(Said):
    """Something happened."""

    topic = "knowhow.share.items.v1"
    item_id: str
    version: int
    by: Somebody
    helped_by: tuple[Somebody, ...] = ()
    asked_by: Somebody | None = None
    note: str | None = None


def changed(**fields: object) -> type[Said]:
    """The event with some fields changed, taken away (None) or added."""
    kept = {name: (info.annotation, info) for name, info in Happened.model_fields.items()}
    made = {name: field for name, field in (kept | fields).items() if field is not None}
    model: type[Said] = create_model("Happened", __base__=Said, **made)  # type: ignore[call-overload]
    model.topic = Happened.topic
    return model


Nobody = create_model("Somebody", __base__=Contract, name=(str | None, None))
Renamed = create_model("Somebody", __base__=Contract, person=(str, ...), name=(str | None, None))
Taller = create_model("Somebody", __base__=Somebody, department=(str | None, None))
Stricter = create_model("Somebody", __base__=Somebody, department=(str, ...))


def broken(now: type[Said]) -> list[str]:
    return breaches(schema_of(Happened), schema_of(now))


@pytest.mark.parametrize(
    "now",
    [
        Happened,
        changed(place=(str | None, None)),
        changed(by=(Taller, ...), helped_by=(tuple[Taller, ...], ()), asked_by=(Taller | None, None)),
    ],
)
def test_an_optional_field_may_be_added_anywhere(now: type[Said]) -> None:
    assert broken(now) == []


@pytest.mark.parametrize(
    ("now", "where"),
    [
        (changed(note=None), "/note was removed or renamed"),
        (changed(note=None, remark=(str | None, None)), "/note was removed or renamed"),
        (changed(by=(Nobody, ...)), "/by/id was removed or renamed"),
        (changed(by=(Renamed, ...)), "/by/id was removed or renamed"),
        (changed(helped_by=(tuple[Nobody, ...], ())), "/helped_by/*/id was removed or renamed"),
        (changed(asked_by=(Nobody | None, None)), "/asked_by/id was removed or renamed"),
        (changed(place=(str, ...)), "/place is newly required"),
        (changed(note=(str | None, ...)), "/note is newly required"),
        (changed(by=(Stricter, ...)), "/by/department is newly required"),
        (changed(asked_by=(Stricter | None, None)), "/asked_by/department is newly required"),
        (changed(version=(str, ...)), "/version means something else"),
        (changed(version=(int | None, ...)), "/version means something else"),
        (changed(note=(datetime | None, None)), "/note means something else"),
        (changed(note=(str, "")), "/note means something else"),
        (changed(helped_by=(tuple[str, ...], ())), "/helped_by/* means something else"),
    ],
)
def test_what_breaks_those_who_hear_is_named(now: type[Said], where: str) -> None:
    assert any(found.startswith(where) for found in broken(now)), broken(now)


def test_a_contract_that_moves_to_another_topic_is_named() -> None:
    now = changed()
    now.topic = "knowhow.share.items.v2"

    assert len(broken(now)) == 1
