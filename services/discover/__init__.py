"""Discover captures know-how where it comes up, and tells how far each item has come.

Owns    items as their authors last said them, what happened to each, and the idempotency keys that were used
Hears   every event of every service: all of it belongs to some item's journey; AdoptionReported also brings
        what a department learnt, which becomes a new item
Says    ItemCaptured, ItemAmended and ItemWithdrawn, on knowhow.discover.items.v1
Serves  /discover/items to capture, amend, withdraw and find; /discover/items/{id}/journey; /discover/circulation;
        and the start page with its files

An item's stage follows from versions and the order of stages, never from a clock. Start with events.py.
"""
