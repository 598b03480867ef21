"""Step 6: a curator decides about an item under review.

Hears   DecideReview, from a curator's own tool or from codify's own API
Says    ItemApproved, ItemMerged, ChangesRequested or ItemRejected; DecisionRefused for those who audit
Next    services/codify/steps/publish_entry.py
"""

from collections.abc import Callable

from pydantic import BaseModel

from services.codify.domain.review import AFTER, Curator, Decision, Review, ReviewState
from shared.contracts.base import Attribution, Contract
from shared.contracts.codify import (
    ChangesRequested,
    Decided,
    DecideReview,
    DecisionRefused,
    ItemApproved,
    ItemMerged,
    ItemRejected,
    Verdict,
)
from shared.flow.step import Moment, Outcome, Refused, unchanged


class Checked(Contract):
    """A decision whose signature was looked at: what it says, who signed and what they may say now.

    `why_not` is set, and the rest is not to be relied on, where the signature or its key is not in order.
    `proof` would be the author's if the curator were the author; `into_topics` are those of the entry to merge into,
    or None where no such entry is in use. `counted_before` stays true when the signer's key or say is gone since.
    """

    why_not: str | None = None
    decision_id: str = ""
    item_id: str = ""
    version: int = 0
    content_sha256: str = ""
    verdict: Verdict = Verdict.APPROVE
    reason: str = ""
    into: str | None = None
    curator: Curator | None = None
    sub: str | None = None
    proof: str = ""
    into_topics: tuple[str, ...] | None = None
    expired: bool = False
    counted_before: bool = False


class Audit(BaseModel):
    """A decision that arrived, and why it did not count, if so."""

    item_id: str
    sub: str | None
    refused: str | None


def decide_review(review: Review | None, heard: DecideReview, moment: Moment[Checked]) -> Outcome[Review]:
    """Apply one decision to an open review; hearing it twice changes nothing.

    One by the hidden author of the item changes nothing either: to refuse it would tell who they are.

    Raises:
        Refused: one of `CHECKS` fails; the message says which.
    """
    checked = moment.given
    if checked.counted_before or repeats(review, checked) or _betrays(review, checked):
        return unchanged(review)
    why = refusal(review, heard.item_id, checked)
    if why or review is None or checked.curator is None:
        raise Refused(why or "", 403)
    decision = Decision(
        decision_id=checked.decision_id,
        version=checked.version,
        verdict=checked.verdict,
        reason=checked.reason,
        by=checked.curator.person,
        at=moment.now,
        into=checked.into,
    )
    decided = review.model_copy(
        update={"state": AFTER[decision.verdict], "decisions": (*review.decisions, decision)}
    )
    return Outcome(decided, says=(SAYS[decision.verdict](decided, decision),))


def audit_decision(
    audit: Audit | None, heard: DecideReview, moment: Moment[tuple[Review | None, Checked]]
) -> Outcome[Audit]:
    """Write down what became of a decision, after it was heard; a refused one is announced to those who audit.

    Of a hidden author who decided about their own item it leaves no trace.
    """
    review, checked = moment.given
    if audit or _betrays(review, checked):
        return unchanged(audit)
    counted = repeats(review, checked)
    why = None if counted else refusal(review, heard.item_id, checked) or "It came before its review."
    said = (DecisionRefused(item_id=heard.item_id, sub=checked.sub, why=why),) if why else ()
    return Outcome(Audit(item_id=heard.item_id, sub=checked.sub, refused=why), says=said)


def repeats(review: Review | None, checked: Checked) -> bool:
    """True where the decision has been applied already, or the same curator said the same about this version."""
    if review is None or checked.curator is None or checked.why_not or checked.item_id != review.item_id:
        return False
    said = (checked.version, checked.verdict, checked.into, checked.curator.person.id)
    return any((one.version, one.verdict, one.into, one.by.id) == said for one in review.decisions)


def refusal(review: Review | None, item_id: str, checked: Checked) -> str | None:
    """Why the decision must not count, or None (see `CHECKS`)."""
    for check, why in CHECKS:
        if not check(review, item_id, checked):
            return checked.why_not or why
    return None


def _known(_: Review | None, __: str, checked: Checked) -> bool:
    return checked.why_not is None


def _same_item(_: Review | None, item_id: str, checked: Checked) -> bool:
    return checked.item_id == item_id


def _under_review(review: Review | None, _: str, __: Checked) -> bool:
    return review is not None


def _has_the_say(review: Review | None, _: str, checked: Checked) -> bool:
    topics = (*(review.content.topics if review else ()), *(checked.into_topics or ()))
    return checked.curator is not None and checked.curator.has_the_say(topics)


def _somebody_elses(review: Review | None, _: str, checked: Checked) -> bool:
    return review is not None and review.author.proof != checked.proof


def _as_read(review: Review | None, _: str, checked: Checked) -> bool:
    read = (checked.version, checked.content_sha256)
    return review is not None and (review.version, review.content_sha256) == read


def _open(review: Review | None, _: str, __: Checked) -> bool:
    return review is not None and review.state is ReviewState.OPEN


def _new(review: Review | None, _: str, checked: Checked) -> bool:
    used = {(one.by.id, one.decision_id) for one in (review.decisions if review else ())}
    return checked.curator is None or (checked.curator.person.id, checked.decision_id) not in used


def _in_time(_: Review | None, __: str, checked: Checked) -> bool:
    return not checked.expired


def _mergeable(_: Review | None, __: str, checked: Checked) -> bool:
    elsewhere = checked.into_topics is not None and checked.into != checked.item_id
    return checked.verdict is not Verdict.MERGE or elsewhere


def _betrays(review: Review | None, checked: Checked) -> bool:
    hidden = review is not None and review.author.attribution is not Attribution.NAMED
    return hidden and not _somebody_elses(review, "", checked)


Check = Callable[[Review | None, str, Checked], bool]

NO_SAY = "The signer has no say over the item's topics; `knowhow curators list` tells who has."

CHECKS: tuple[tuple[Check, str], ...] = (
    (_known, "The signature does not hold."),
    (_same_item, "It was signed for another item."),
    (_under_review, "The item is not under review."),
    (_has_the_say, NO_SAY),
    (_somebody_elses, "Nobody decides about their own item."),
    (_as_read, "The item has changed since it was read; read it again."),
    (_open, "The review is not open."),
    (_new, "This decision id was used for another decision; sign with a new one."),
    (_in_time, "The decision has expired; sign it again."),
    (_mergeable, "There is no entry in use, other than its own, to merge it into."),
)
"""What must be true of a decision, in this order, and what is said where it is not."""


def _decided(review: Review, decision: Decision) -> dict[str, object]:
    return {
        "item_id": review.item_id,
        "version": decision.version,
        "by": decision.by,
        "reason": decision.reason,
        "decision_id": decision.decision_id,
    }


def _whole(review: Review, decision: Decision) -> dict[str, object]:
    kept = ("content", "content_sha256", "author", "evidence")
    return _decided(review, decision) | {name: getattr(review, name) for name in kept}


SAYS: dict[Verdict, Callable[[Review, Decision], Decided]] = {
    Verdict.APPROVE: lambda review, decision: ItemApproved.model_validate(_whole(review, decision)),
    Verdict.MERGE: lambda review, decision: ItemMerged.model_validate(
        _whole(review, decision) | {"into": decision.into}
    ),
    Verdict.REQUEST_CHANGES: lambda review, decision: ChangesRequested.model_validate(
        _decided(review, decision)
    ),
    Verdict.REJECT: lambda review, decision: ItemRejected.model_validate(_decided(review, decision)),
}
"""What is announced for each verdict."""
