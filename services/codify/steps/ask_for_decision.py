"""Step 6a: a curator's decision goes onto the decisions topic, signed on their behalf.

Hears   AskForDecision, from codify's own API
Says    DecideReview
Next    services/codify/steps/decide_review.py
"""

from pydantic import BaseModel

from shared.contracts.codify import DecideReview
from shared.flow.step import Moment, Outcome, unchanged


class AskForDecision(BaseModel):
    """The wish to have a signed decision heard."""

    decision_id: str
    item_id: str
    jws: str


class Asked(BaseModel):
    """A decision that was put onto the topic."""

    item_id: str


def ask_for_decision(asked: Asked | None, heard: AskForDecision, _: Moment) -> Outcome[Asked]:
    """Put the decision onto the topic, once."""
    if asked:
        return unchanged(asked)
    return Outcome(Asked(item_id=heard.item_id), says=(DecideReview(item_id=heard.item_id, jws=heard.jws),))
