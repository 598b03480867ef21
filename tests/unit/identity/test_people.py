"""What is fixed about a person."""

import pytest
from pydantic import ValidationError

from shared.identity.people import Person, Role

ADA = Person(id="ada", name="Ada", department="finance", roles=frozenset({Role.MEMBER, Role.CURATOR}))


def test_a_person_never_changes() -> None:
    with pytest.raises(ValidationError):
        setattr(ADA, "name", "Eve")  # noqa: B010 - the type checker would not let it pass otherwise.


def test_roles_are_always_written_in_the_same_order() -> None:
    assert ADA.model_dump(mode="json")["roles"] == ["curator", "member"]


def test_a_person_survives_being_written_and_read() -> None:
    assert Person.model_validate_json(ADA.model_dump_json()) == ADA


def test_a_person_without_an_id_is_nobody() -> None:
    with pytest.raises(ValidationError):
        Person(id="", name="Ada", department="finance", roles=frozenset())
