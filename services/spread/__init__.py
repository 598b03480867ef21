"""Spread takes library entries to the departments that follow their topics, and hears what came of them.

Owns    subscriptions, whom each version of an entry went to, deliveries, reports, and the search index, which can be
        rebuilt from these at any time
Hears   EntryPublished, EntryRevised and EntryRetired from codify
Says    EntryDelivered, on knowhow.spread.feeds.v1, keyed by department; AdoptionReported, on
        knowhow.spread.adoptions.v1
Serves  /spread/subscriptions; /spread/feeds/{department} as JSON Feed, Atom and a live stream; /spread/search;
        /spread/entries/{id}/adoptions; /spread/reindex

Each department gets each version once, and is told why. Start with events.py.
"""
