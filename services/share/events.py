"""What share hears and is asked, and which step each of it goes to."""

from services.share.steps.gather import (
    FoundCommunity,
    JoinCommunity,
    LeaveCommunity,
    found_community,
    join_community,
    leave_community,
)
from services.share.steps.nominate_item import (
    NominateItem,
    nominate_by_word,
    nominate_when_vouched,
    reopen_nominations,
)
from services.share.steps.react import EndorseItem, TryItem, endorse_item, try_item
from services.share.steps.revise_item import revise_item
from services.share.steps.share_item import share_item
from services.share.steps.take_back_item import take_back_item
from services.share.storage import COMMUNITIES, ENDORSEMENTS, ITEMS, MEMBERS, TRIALS, ShareStorage
from shared.contracts.codify import ItemRejected
from shared.contracts.discover import ItemAmended, ItemCaptured, ItemWithdrawn
from shared.contracts.share import ItemEndorsed, ItemTried
from shared.flow.step import On


def by_person(wish: EndorseItem | TryItem) -> str:
    """One reaction of each kind for a person and an item."""
    return f"{wish.item_id}:{wish.who.id}"


def membership(wish: JoinCommunity) -> str:
    """One membership for a person and a community."""
    return f"{wish.community_id}:{wish.who.id}"


ROWS = (
    On(FoundCommunity, found_community, into=COMMUNITIES, key=lambda wish: wish.community_id),
    On(JoinCommunity, join_community, into=MEMBERS, key=membership, given=ShareStorage.community_of),
    On(LeaveCommunity, leave_community, into=MEMBERS, key=membership),
    On(EndorseItem, endorse_item, into=ENDORSEMENTS, key=by_person, given=ShareStorage.items_of),
    On(TryItem, try_item, into=TRIALS, key=by_person, given=ShareStorage.items_of),
    On(ItemCaptured, share_item, into=ITEMS, given=ShareStorage.communities_now, creates=True),
    On(ItemAmended, revise_item, into=ITEMS, given=ShareStorage.communities_now),
    On(ItemWithdrawn, take_back_item, into=ITEMS),
    On(ItemEndorsed, nominate_when_vouched, into=ITEMS, given=ShareStorage.reactions_to),
    On(ItemTried, nominate_when_vouched, into=ITEMS, given=ShareStorage.reactions_to),
    On(NominateItem, nominate_by_word, into=ITEMS, given=ShareStorage.reactions_to),
    On(ItemRejected, reopen_nominations, into=ITEMS),
)
