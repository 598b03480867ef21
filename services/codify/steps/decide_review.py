"""Step 6: a curator decides about an item under review.

Hears   DecideReview, from a curator's own tool or from codify's own API
Says    ItemApproved, ItemMerged, ChangesRequested or ItemRejected; DecisionRefused for those who audit
Next    services/codify/steps/publish_entry.py
"""

from collections.abc import Callable

from pydantic import BaseModel

from services.codify.domain.review import AFTER, Curator, Decision, Review, ReviewState
from shared.contracts.base import Contract
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

    `why_not` is set, and the rest is not to be relied on, where the signature, its key or its times are not in order.
    `proof` would be the author's if the curator were the author; `entry_exists` tells of the entry to merge into.
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
    entry_exists: bool = False


class Audit(BaseModel):
    """A decision that arrived, and why it did not count, if so."""

    item_id: str
    sub: str | None
    refused: str | None


def decide_review(review: Review | None, heard: DecideReview, moment: Moment[Checked]) -> Outcome[Review]:
    """Apply one decision to an open review; hearing it twice changes nothing.

    Raises:
        Refused: one of the five checks fails (see `refusal`).
    """
    checked = moment.given
    if repeats(review, checked):
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
    """Write down what became of a decision, after it was heard; a refused one is announced to those who audit."""
    if audit:
        return unchanged(audit)
    review, checked = moment.given
    why = None if repeats(review, checked) else refusal(review, heard.item_id, checked)
    kept = Audit(item_id=heard.item_id, sub=checked.sub, refused=why)
    said = (DecisionRefused(item_id=heard.item_id, sub=checked.sub, why=why),) if why else ()
    return Outcome(kept, says=said)


def repeats(review: Review | None, checked: Checked) -> bool:
    """True where the decision has been applied already, or the same curator said the same about this version."""
    if review is None or checked.why_not or checked.item_id != review.item_id:
        return False
    said = (checked.version, checked.verdict, checked.sub)
    known = [one for one in review.decisions if (one.version, one.verdict, one.by.id) == said]
    return bool(known) or any(one.decision_id == checked.decision_id for one in review.decisions)


def refusal(review: Review | None, item_id: str, checked: Checked) -> str | None:
    """Why the decision must not count, or None: signature, say, authorship, content, and each decision once."""
    for check, why in CHECKS:
        if not check(review, item_id, checked):
            return checked.why_not or why
    return None


Check = Callable[[Review | None, str, Checked], bool]

CHECKS: tuple[tuple[Check, str], ...] = (
    (lambda _, __, it: it.why_not is None, "The signature does not hold."),
    (lambda _, item_id, it: it.item_id == item_id, "It was signed for another item."),
    (lambda review, _, __: review is not None, "The item is not under review."),
    (
        lambda review, _, it: bool(review and it.curator and it.curator.has_the_say(review.content.topics)),
        "The signer has no say over the item's topics.",
    ),
    (
        lambda review, _, it: bool(review and review.author.proof != it.proof),
        "Nobody decides about their own item.",
    ),
    (
        lambda review, _, it: bool(
            review and (review.version, review.content_sha256) == (it.version, it.content_sha256)
        ),
        "The item has changed since it was read; read it again.",
    ),
    (lambda review, _, __: bool(review and review.state is ReviewState.OPEN), "The review is not open."),
    (
        lambda _, __, it: it.verdict is not Verdict.MERGE or it.entry_exists,
        "There is no entry to merge it into.",
    ),
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
