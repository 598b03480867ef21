"""Step 1: what capturing keeps and says, and what an idempotency key remembers."""

import pytest

from services.discover.domain.item import Stage
from services.discover.steps.capture_item import CaptureItem, UsedKey, UseKey, capture_item, use_key
from shared.contracts.base import Author
from shared.contracts.discover import ItemCaptured
from shared.flow.step import Refused, unchanged
from tests.support.builders import LATER, NOW, SHA, author, captured, content, hidden_author, item, moment

WISH = CaptureItem(item_id="item-1", content=content(), content_sha256=SHA, author=author())


def test_a_captured_item_is_kept_as_its_first_version() -> None:
    outcome = capture_item(None, WISH, moment())

    assert outcome.state == item()


def test_capturing_is_announced_whole() -> None:
    outcome = capture_item(None, WISH, moment())

    assert outcome.says == (captured(),)


def test_an_item_may_follow_another() -> None:
    wish = WISH.model_copy(update={"follows": "item-0"})

    outcome = capture_item(None, wish, moment())

    assert outcome.says == (captured(follows="item-0"),)


def test_a_hidden_author_is_announced_by_pseudonym_only() -> None:
    wish = WISH.model_copy(update={"author": hidden_author()})

    said = capture_item(None, wish, moment()).says[0]

    assert isinstance(said, ItemCaptured)
    assert (said.author.name, said.author.person) == ("Amber Heron 42", None)
    assert "anna" not in said.model_dump_json().replace("proof-of-anna", "")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WITHDRAWN])
def test_capturing_again_changes_nothing_however_far_the_item_is(stage: Stage) -> None:
    known = item(stage=stage)

    assert capture_item(known, WISH, moment(at=LATER)) == unchanged(known)


def test_a_withdrawn_item_may_be_captured_again_as_a_later_version() -> None:
    withdrawn = item(version=2, stage="withdrawn")

    outcome = capture_item(withdrawn, WISH, moment(at=LATER))

    assert outcome.state == item(version=3, captured_at=LATER, since=LATER)
    assert outcome.says == (captured(version=3, captured_at=LATER),)


@pytest.mark.parametrize(("key", "comes_back"), [("k1", False), ("k2", True), (None, True)])
def test_the_request_that_captured_it_first_does_not_bring_it_back(
    key: str | None, *, comes_back: bool
) -> None:
    withdrawn = item(version=2, stage="withdrawn", captured_with="k1")

    outcome = capture_item(withdrawn, WISH.model_copy(update={"captured_with": key}), moment(at=LATER))

    assert bool(outcome.says) is comes_back


@pytest.mark.parametrize(
    ("before", "wished"),
    [(author(), hidden_author()), (hidden_author(), author())],
    ids=["hidden", "named"],
)
@pytest.mark.parametrize("stage", ["withdrawn", "shared"])
def test_an_item_is_captured_again_only_as_its_journey_already_tells(
    before: Author, wished: Author, stage: str
) -> None:
    known = item(version=2, stage=stage, author=before)
    wish = WISH.model_copy(update={"author": wished})

    with pytest.raises(Refused, match=f"`{before.attribution}`.*or change its body") as refused:
        capture_item(known, wish, moment(at=LATER))

    assert refused.value.status == 409


def test_a_key_is_remembered_with_its_request_and_nothing_is_said() -> None:
    outcome = use_key(None, UseKey(key="k", request="r"), moment())

    assert outcome.state == UsedKey(request="r")
    assert not outcome.says


def test_a_key_serves_the_same_request_again() -> None:
    known = UsedKey(request="r")

    assert use_key(known, UseKey(key="k", request="r"), moment()) == unchanged(known)


def test_a_key_serves_no_other_request() -> None:
    with pytest.raises(Refused, match="new key") as refused:
        use_key(UsedKey(request="r"), UseKey(key="k", request="another"), moment())

    assert refused.value.status == 422


def test_a_captured_item_waits_for_the_communities() -> None:
    assert "communities" in item(since=NOW).waiting_for
