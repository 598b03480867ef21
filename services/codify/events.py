"""What codify hears and is asked, and which step each of it goes to."""

from services.codify.steps.appoint import AppointCurator, DismissCurator, appoint_curator, dismiss_curator
from services.codify.steps.ask_for_decision import AskForDecision, ask_for_decision
from services.codify.steps.close_review import (
    RetireEntry,
    close_review,
    note_taken_back,
    retire_entry,
    retire_withdrawn,
)
from services.codify.steps.decide_review import audit_decision, decide_review
from services.codify.steps.note_adoption import note_adoption
from services.codify.steps.open_review import open_review
from services.codify.steps.publish_entry import merge_item, publish_entry
from services.codify.steps.renew_review import renew_review
from services.codify.storage import (
    ADOPTIONS,
    ASKED,
    AUDITS,
    CURATORS,
    ENTRIES,
    REVIEWS,
    TAKEN_BACK,
    CodifyStorage,
)
from shared.contracts.codify import DecideReview, ItemApproved, ItemMerged
from shared.contracts.share import ItemNominated, ItemRevised, ItemTakenBack
from shared.contracts.spread import AdoptionReported
from shared.fingerprint import digest
from shared.flow.step import On

ROWS = (
    On(AppointCurator, appoint_curator, into=CURATORS, key=lambda wish: wish.person.id),
    On(DismissCurator, dismiss_curator, into=CURATORS, key=lambda wish: wish.person_id),
    On(AskForDecision, ask_for_decision, into=ASKED, key=lambda wish: wish.decision_id, creates=True),
    On(ItemTakenBack, note_taken_back, into=TAKEN_BACK),
    On(ItemNominated, open_review, into=REVIEWS, given=CodifyStorage.taken_back, creates=True),
    On(ItemRevised, renew_review, into=REVIEWS),
    On(ItemTakenBack, close_review, into=REVIEWS),
    On(DecideReview, decide_review, into=REVIEWS, given=CodifyStorage.checked),
    On(ItemApproved, publish_entry, into=ENTRIES, given=CodifyStorage.review_of, creates=True),
    On(ItemMerged, merge_item, into=ENTRIES, key=lambda said: said.into, given=CodifyStorage.review_of),
    On(ItemTakenBack, retire_withdrawn, into=ENTRIES),
    On(
        RetireEntry,
        retire_entry,
        into=ENTRIES,
        key=lambda wish: wish.entry_id,
        given=CodifyStorage.curator_of,
    ),
    On(
        DecideReview,
        audit_decision,
        into=AUDITS,
        key=digest,
        given=CodifyStorage.checked_with_review,
        creates=True,
    ),
    On(AdoptionReported, note_adoption, into=ADOPTIONS, key=lambda said: said.adoption_id, creates=True),
)
