"""What a shared item is: open to communities, vouched for by people, and put forward once they are enough."""

from collections.abc import Sequence
from typing import Self

from shared.contracts.base import Attribution, Author, Content, Contract, Kind, TrialOutcome, Who
from shared.contracts.share import Evidence

ENOUGH = 2
"""How many people other than the author must vouch for an item to nominate it."""


class SharedItem(Contract):
    """An item as the communities have it.

    `nominated` is set from the nomination on until a curator rejects it; `rejected` is the version that was.
    """

    item_id: str
    version: int
    content: Content
    content_sha256: str
    author: Author
    communities: tuple[str, ...] = ()
    nominated: bool = False
    rejected: int = 0
    withdrawn: bool = False


def unheard(item_id: str) -> SharedItem:
    """An item of which nothing was heard yet: what is heard of its end must be remembered until the rest comes."""
    nobody = Author(attribution=Attribution.ANONYMOUS, name="", proof="")
    empty = Content(kind=Kind.QUESTION, title="", body="")
    return SharedItem(item_id=item_id, version=0, content=empty, content_sha256="", author=nobody)


class Endorsement(Contract):
    """Somebody's word for an item, the last version that they vouched for."""

    item_id: str
    version: int = 1
    who: Who
    comment: str | None = None


class Trial(Contract):
    """What came of it when somebody tried an item last; `turn` counts this person's tries."""

    item_id: str
    version: int = 1
    who: Who
    outcome: TrialOutcome
    note: str | None = None
    turn: int = 1


class Reactions(Contract):
    """Everything that people other than the author did about an item."""

    endorsements: tuple[Endorsement, ...] = ()
    trials: tuple[Trial, ...] = ()

    def since(self, rejected: int) -> Self:
        """Those to versions later than the one that was rejected: nobody's word for that stands for what became of it."""
        endorsements, trials = (
            tuple(one for one in reactions if one.version > rejected)
            for reactions in (self.endorsements, self.trials)
        )
        return self.model_copy(update={"endorsements": endorsements, "trials": trials})

    def vouching(self) -> Sequence[Who]:
        """The distinct people who endorsed it or for whom it worked."""
        worked = [trial.who for trial in self.trials if trial.outcome is TrialOutcome.WORKED]
        people = [endorsement.who for endorsement in self.endorsements] + worked
        return sorted({person.id: person for person in people}.values(), key=lambda person: person.id)

    def evidence(self) -> Evidence:
        """The reactions as the curators see them."""
        return Evidence(
            endorsements=len(self.endorsements),
            tries=len(self.trials),
            worked=sum(trial.outcome is TrialOutcome.WORKED for trial in self.trials),
            vouched_by=tuple(self.vouching()),
        )
