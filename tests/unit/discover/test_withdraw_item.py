"""An author takes an item back, at whichever stage it is."""

import pytest

from services.discover.domain.item import Stage
from services.discover.steps.withdraw_item import WithdrawItem, withdraw_item
from shared.contracts.discover import ItemWithdrawn
from shared.flow.step import Refused, unchanged
from tests.support.builders import LATER, MINE, hidden_author, item, moment

WISH = WithdrawItem(item_id="item-1", proof=MINE)
WITH_BENS_PROOF = WithdrawItem(item_id="item-1", proof="ben's")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WITHDRAWN])
def test_an_item_may_be_withdrawn_at_every_stage(stage: Stage) -> None:
    outcome = withdraw_item(item(stage=stage), WISH, moment(at=LATER))

    assert outcome.state == item(stage=Stage.WITHDRAWN, version=2, since=LATER)
    assert outcome.says == (ItemWithdrawn(item_id="item-1", version=2),)


def test_withdrawing_again_changes_nothing() -> None:
    gone = item(stage=Stage.WITHDRAWN, version=2)

    assert withdraw_item(gone, WISH, moment(at=LATER)) == unchanged(gone)


def test_an_author_behind_a_pseudonym_may_withdraw() -> None:
    outcome = withdraw_item(item(author=hidden_author()), WISH, moment())

    assert outcome.says == (ItemWithdrawn(item_id="item-1", version=2),)


def test_nobody_else_withdraws_an_item() -> None:
    with pytest.raises(Refused, match="Only its author") as refused:
        withdraw_item(item(), WITH_BENS_PROOF, moment())

    assert refused.value.status == 403


def test_there_is_nothing_to_withdraw_where_nothing_was_captured() -> None:
    with pytest.raises(Refused, match="no such item"):
        withdraw_item(None, WISH, moment())
