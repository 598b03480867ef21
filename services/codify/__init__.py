"""Codify lets curators turn what was nominated into the library.

Owns    reviews, entries in their immutable versions, curators with their topics and keys, and an audit of decisions
Hears   ItemNominated, ItemRevised and ItemTakenBack from share; DecideReview from curators' own tools and itself;
        its own ItemApproved and ItemMerged, which become entries; AdoptionReported from spread
Says    DecideReview, on knowhow.codify.decisions.v1; ReviewOpened, ChangesRequested, ItemApproved, ItemMerged,
        ItemRejected and DecisionRefused, on knowhow.codify.reviews.v1; EntryPublished, EntryRevised and EntryRetired,
        on knowhow.codify.entries.v1
Serves  /codify/reviews with decisions; /codify/entries with their versions; /codify/curators

A decision is always a signed event, whichever way it comes. Start with events.py.
"""
