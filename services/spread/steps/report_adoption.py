"""Step 10: a department reports what came of an entry, and what it learnt starts the next round.

Hears   ReportAdoption, from spread's own API
Says    AdoptionReported
Next    services/discover/steps/capture_learnt.py
"""

from pydantic import BaseModel

from services.spread.domain.feed import Report, SpreadEntry
from shared.contracts.base import Author, TrialOutcome, Who
from shared.contracts.spread import AdoptionReported
from shared.flow.step import Moment, Outcome, Refused, unchanged


class ReportAdoption(BaseModel):
    """The wish to report; the id follows from the report, so the same report again is the same."""

    adoption_id: str
    entry_id: str
    department: str
    outcome: TrialOutcome
    who: Who
    note: str | None = None
    learned: str | None = None
    learned_as: str | None = None
    learned_by: Author | None = None


def report_adoption(
    report: Report | None, heard: ReportAdoption, moment: Moment[SpreadEntry | None]
) -> Outcome[Report]:
    """Report it, once.

    Raises:
        Refused: there is no such entry.
    """
    entry = moment.given
    if entry is None:
        raise Refused("There is no such entry; `knowhow search` finds those there are.", 404)
    if report:
        return unchanged(report)
    kept = {
        "entry_id": heard.entry_id,
        "department": heard.department,
        "outcome": heard.outcome,
        "who": heard.who,
    }
    about = {"title": entry.content.title, "topics": entry.content.topics}
    where = {"item_id": entry.item_id, "item_version": entry.item_version, "version": entry.published_version}
    said = AdoptionReported.model_validate(dict(heard) | about | where)
    return Outcome(Report(**kept, reported_at=moment.now), says=(said,))
