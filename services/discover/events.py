"""What discover hears and is asked, and which step each of it goes to."""

from services.discover.domain.journey import STAGES
from services.discover.steps.amend_item import AmendItem, amend_item
from services.discover.steps.capture_item import CaptureItem, UseKey, capture_item, use_key
from services.discover.steps.capture_learnt import capture_learnt
from services.discover.steps.follow_item import follow_item, note_event
from services.discover.steps.withdraw_item import WithdrawItem, withdraw_item
from services.discover.storage import ITEMS, KEYS, NOTES
from shared.contracts import EVENTS, codify
from shared.contracts.spread import AdoptionReported
from shared.fingerprint import digest
from shared.flow.step import On

NOTED = [event for event in EVENTS.values() if event is not codify.DecideReview]

ROWS = (
    On(UseKey, use_key, into=KEYS, key=lambda wish: wish.key, creates=True),
    On(CaptureItem, capture_item, into=ITEMS, creates=True),
    On(AmendItem, amend_item, into=ITEMS),
    On(WithdrawItem, withdraw_item, into=ITEMS),
    On(AdoptionReported, capture_learnt, into=ITEMS, key=lambda said: said.learned_as or said.adoption_id),
    *(On(event, follow_item, into=ITEMS, key=lambda said: said.subject) for event in STAGES),
    *(On(event, note_event, into=NOTES, key=digest, creates=True) for event in NOTED),
)
