"""What services say to each other; EVENTS finds each contract by the name it has on the wire."""

from shared.contracts import codify, discover, share, spread
from shared.contracts.base import Said

EVENTS: dict[str, type[Said]] = {
    said.__name__: said
    for said in (
        discover.ItemCaptured,
        discover.ItemAmended,
        discover.ItemWithdrawn,
        share.ItemShared,
        share.ItemRevised,
        share.ItemNominated,
        share.ItemTakenBack,
        share.ItemEndorsed,
        share.ItemTried,
        codify.DecideReview,
        codify.ReviewOpened,
        codify.DecisionRefused,
        codify.ChangesRequested,
        codify.ItemRejected,
        codify.ItemApproved,
        codify.ItemMerged,
        codify.EntryPublished,
        codify.EntryRevised,
        codify.EntryRetired,
        spread.EntryDelivered,
        spread.AdoptionReported,
    )
}
