"""Step 4: an item is put forward for the library, by two people who vouch for it or by a champion's or curator's word.

Hears   ItemEndorsed and ItemTried, from share itself; NominateItem, from share's own API; ItemRejected, from codify
Says    ItemNominated
Next    services/codify/steps/open_review.py
"""

from services.share.domain.shared_item import ENOUGH, Reactions, SharedItem
from services.share.steps.react import Reaction, others
from shared.contracts.codify import ItemRejected
from shared.contracts.share import Evidence, ItemEndorsed, ItemNominated, ItemTried
from shared.flow.step import Moment, Outcome, Refused, unchanged


class NominateItem(Reaction):
    """The wish to nominate an item; only a champion's or a curator's word is enough alone."""

    word_is_enough: bool
    reason: str | None = None


def nominate_when_vouched(
    item: SharedItem | None, _: ItemEndorsed | ItemTried, moment: Moment[Reactions]
) -> Outcome[SharedItem]:
    """Nominate the item once enough people vouch for what it is since it was rejected; counted anew each time, never added up."""
    if item is None or not _may_be(item):
        return unchanged(item)
    reactions = moment.given.since(item.rejected)
    enough = len(reactions.vouching()) >= ENOUGH
    return _nominated(item, reactions.evidence()) if enough else unchanged(item)


def nominate_by_word(
    item: SharedItem | None, heard: NominateItem, moment: Moment[Reactions]
) -> Outcome[SharedItem]:
    """Nominate the item on the word of one person; nominating it again changes nothing.

    Raises:
        Refused: there is no such item, it is one's own, it was rejected as it is, or one's word is not enough.
    """
    known = others(item, heard)
    if not heard.word_is_enough:
        raise Refused(
            "Only a champion or a curator nominates alone; endorse it, and a second colleague's word will do.",
            403,
        )
    if known.nominated:
        return unchanged(known)
    if not _may_be(known):
        raise Refused("A curator rejected this version; its author may amend it first.")
    evidence = moment.given.since(known.rejected).evidence()
    return _nominated(known, evidence.model_copy(update={"nominated_by": heard.who, "reason": heard.reason}))


def reopen_nominations(item: SharedItem | None, heard: ItemRejected, _: Moment) -> Outcome[SharedItem]:
    """Remember which version was rejected, so that only a later one can be nominated."""
    if item is None or item.rejected >= heard.version:
        return unchanged(item)
    return Outcome(item.model_copy(update={"rejected": heard.version, "nominated": False}))


def _may_be(item: SharedItem) -> bool:
    return not item.nominated and not item.withdrawn and item.version > item.rejected


def _nominated(item: SharedItem, evidence: Evidence) -> Outcome[SharedItem]:
    said = ItemNominated(
        item_id=item.item_id,
        version=item.version,
        content=item.content,
        content_sha256=item.content_sha256,
        author=item.author,
        evidence=evidence,
    )
    return Outcome(item.model_copy(update={"nominated": True}), says=(said,))
