"""The library hears what became of its entries in the departments.

Hears   AdoptionReported, from spread
Says    nothing
Next    services/codify/api.py, which shows it with the entry
"""

from services.codify.domain.entry import Adoption
from shared.contracts.spread import AdoptionReported
from shared.flow.step import Moment, Outcome


def note_adoption(_: Adoption | None, heard: AdoptionReported, __: Moment) -> Outcome[Adoption]:
    """Keep the report with its entry; hearing it twice changes nothing."""
    return Outcome(Adoption(entry_id=heard.entry_id, department=heard.department, outcome=heard.outcome))
