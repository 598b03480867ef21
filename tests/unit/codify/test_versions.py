"""The immutable versions of an entry."""

import pytest

from services.codify.versions import numbered, version_of
from shared.contracts.codify import EntryRevised
from shared.flow.step import Refused
from tests.support.builders import content, kept, library_entry, published, retired

REVISED = EntryRevised.model_validate(dict(published(version=3, content=content(body="Better."))))
STORED = kept(library_entry(version=3), published(), retired(version=2), REVISED)


def test_versions_are_numbered_and_a_retirement_is_none() -> None:
    assert numbered(STORED) == [1, 3]


def test_each_version_is_as_it_was_published() -> None:
    assert version_of(STORED, 1) == library_entry(decisions=())
    assert version_of(STORED, 3).content.body == "Better."


def test_a_version_that_never_was_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="versions 1, 3") as refused:
        version_of(STORED, 2)

    assert refused.value.status == 404
