"""Share brings items to the communities that care, and puts forward what people vouch for.

Owns    items as the communities have them, one endorsement and one try for each person and item, and communities
        with their members
Hears   ItemCaptured, ItemAmended and ItemWithdrawn from discover; ItemRejected from codify; and its own ItemEndorsed
        and ItemTried, after each of which it counts anew who vouches for the item
Says    ItemShared, ItemRevised, ItemNominated and ItemTakenBack, on knowhow.share.items.v1; ItemEndorsed and
        ItemTried, on knowhow.share.reactions.v1
Serves  /share/items with endorsements, tries and nominations; /share/communities

What counts is distinct people other than the author. Start with events.py.
"""
