"""Things as they usually are, so that a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from services.codify.domain.entry import LibraryEntry
from services.codify.domain.review import Curator, Review
from services.codify.steps.decide_review import Checked
from services.discover.domain.item import Item
from services.share.domain.community import Community
from services.share.domain.shared_item import Endorsement, Reactions, SharedItem, Trial
from services.spread.domain.feed import Delivery, SpreadEntry
from services.spread.domain.subscription import Subscription
from shared.contracts.base import Author, Content, TrialOutcome, Who
from shared.contracts.codify import EntryPublished, EntryRetired, ItemApproved, ItemMerged, ItemRejected
from shared.contracts.discover import ItemAmended, ItemCaptured
from shared.contracts.share import Evidence, ItemNominated, ItemRevised, ItemTakenBack
from shared.contracts.spread import AdoptionReported, EntryDelivered
from shared.flow.announcement import Announcement, Cause
from shared.flow.step import Moment
from shared.storage.document import Document

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 13, tzinfo=UTC)
SHA = "0" * 64
OTHER_SHA = "f" * 64
MINE = "proof-of-anna"
"""The proof of the author, who is Anna wherever a test does not say otherwise."""

CAUSE = Cause("cause-1", "story-1", "00-trace-01")


def moment(given: Any = None, at: datetime = NOW, about: str = "item-1") -> Moment[Any]:
    """A moment in which this was looked up."""
    return Moment(at, about, at, given)


def content(**changes: Any) -> Content:
    """A prompt on invoices."""
    usual = {"kind": "prompt", "title": "Plain words", "body": "Say it plainly.", "topics": ("finance/tax",)}
    return Content.model_validate(usual | changes)


def author(**changes: Any) -> Author:
    """Anna, by name."""
    usual = {"attribution": "named", "name": "Anna", "person": "anna", "proof": MINE}
    return Author.model_validate(usual | changes)


def hidden_author() -> Author:
    """Anna, by a pseudonym."""
    return author(attribution="pseudonymous", name="Amber Heron 42", person=None)


def who(person: str = "ben", **changes: Any) -> Who:
    """Somebody who acts, of the sales department."""
    return Who.model_validate({"id": person, "name": person.title(), "department": "sales"} | changes)


def _said(**changes: Any) -> dict[str, Any]:
    usual = {"item_id": "item-1", "version": 1, "content": content(), "content_sha256": SHA}
    return usual | {"author": author()} | changes


def item(**changes: Any) -> Item:
    """An item as discover keeps it, captured a moment ago."""
    return Item.model_validate(_said(captured_at=NOW, since=NOW) | changes)


def captured(**changes: Any) -> ItemCaptured:
    """The news of a captured item."""
    return ItemCaptured.model_validate(_said(captured_at=NOW) | changes)


def amended(**changes: Any) -> ItemAmended:
    """The news of an item's second version."""
    return ItemAmended.model_validate(_said(version=2, content_sha256=OTHER_SHA) | changes)


def shared(**changes: Any) -> SharedItem:
    """An item as share keeps it."""
    return SharedItem.model_validate(_said(**changes))


def community(name: str = "Finance", **changes: Any) -> Community:
    """A community about finance."""
    usual = {"community_id": name.lower(), "name": name, "kind": "topic_focused", "topics": ("finance",)}
    return Community.model_validate(usual | changes)


def reactions(endorsed: str = "", *, version: int = 1, **tried: str) -> Reactions:
    """The people, named in one text, who endorsed a version of an item, and what others say came of it."""
    endorsements = tuple(
        Endorsement(item_id="item-1", version=version, who=who(name)) for name in endorsed.split()
    )
    trials = tuple(
        Trial(item_id="item-1", version=version, who=who(name), outcome=TrialOutcome(outcome))
        for name, outcome in tried.items()
    )
    return Reactions(endorsements=endorsements, trials=trials)


def nominated(**changes: Any) -> ItemNominated:
    """The news of a nominated item."""
    return ItemNominated.model_validate(_said(evidence=Evidence(endorsements=2)) | changes)


def revised(**changes: Any) -> ItemRevised:
    """The news that the second version of an item reached the communities."""
    return ItemRevised.model_validate(_said(version=2, content_sha256=OTHER_SHA) | changes)


def taken_back(version: int = 2, item_id: str = "item-1") -> ItemTakenBack:
    """The news that an item left the communities."""
    return ItemTakenBack(item_id=item_id, version=version)


def review(**changes: Any) -> Review:
    """An open review."""
    return Review.model_validate(_said(evidence=Evidence(), opened_at=NOW) | changes)


def curator(person: str = "cora", *topics: str, **changes: Any) -> Curator:
    """A curator with the say over finance, unless other topics are named."""
    usual = {"person": who(person), "topics": topics or ("finance",)}
    return Curator.model_validate(usual | changes)


def checked(**changes: Any) -> Checked:
    """Cora's approval of the item as it is under review, properly signed."""
    said = {"decision_id": "d-1", "item_id": "item-1", "version": 1, "content_sha256": SHA}
    says = {"verdict": "approve", "reason": "Clear.", "curator": curator(), "sub": "cora", "proof": "cora's"}
    return Checked.model_validate(said | says | changes)


def _decided(**changes: Any) -> dict[str, Any]:
    usual = {"by": who("cora"), "reason": "Clear.", "decision_id": "d-1", "evidence": Evidence()}
    return _said(**usual) | changes


def approved(**changes: Any) -> ItemApproved:
    """The news of an approved item."""
    return ItemApproved.model_validate(_decided(**changes))


def merged(**changes: Any) -> ItemMerged:
    """The news that a second item becomes part of the first one's entry."""
    usual = {"item_id": "item-2", "into": "item-1", "decision_id": "d-2"}
    return ItemMerged.model_validate(_decided(**usual) | changes)


def rejected(version: int = 1) -> ItemRejected:
    """The news of a rejected item."""
    return ItemRejected.model_validate(_decided(version=version))


def library_entry(**changes: Any) -> LibraryEntry:
    """An entry as the library keeps it, made of the item's first version by the decision d-1."""
    usual = _said(entry_id="item-1", item_version=1, approved_by=who("cora"), evidence=Evidence())
    return LibraryEntry.model_validate(usual | {"published_at": NOW, "decisions": ("d-1",)} | changes)


def published(**changes: Any) -> EntryPublished:
    """The news of a published entry."""
    return EntryPublished.model_validate(dict(library_entry()) | changes)


def retired(version: int = 2, item_version: int = 1) -> EntryRetired:
    """The news of a retired entry."""
    about = {"entry_id": "item-1", "item_id": "item-1", "item_version": item_version}
    return EntryRetired.model_validate(about | {"version": version, "reason": "Outdated."})


def spread_entry(**changes: Any) -> SpreadEntry:
    """An entry as spread keeps it."""
    return SpreadEntry.model_validate(dict(published()) | changes)


def subscription(name: str = "s-1", department: str = "sales", **wanted: Any) -> Subscription:
    """A department's subscription to finance."""
    said = {"subscription_id": name, "department": department, "by": who("lea"), "created_at": NOW}
    return Subscription.model_validate(said | {"wanted": {"topics": ("finance",)} | wanted})


def delivery(**changes: Any) -> Delivery:
    """A published entry in the feed of sales."""
    why = {"department": "sales", "because": ("follows finance",), "subscriptions": ("s-1",)}
    usual = dict(published()) | why | {"author": "Anna", "delivered_at": LATER}
    return Delivery.model_validate(usual | changes)


def delivered(**changes: Any) -> EntryDelivered:
    """The news of a delivery to sales."""
    about = {"kind": "prompt", "title": "Plain words", "topics": ("finance/tax",)}
    return EntryDelivered.model_validate(dict(delivery()) | about | changes)


def adoption(**changes: Any) -> AdoptionReported:
    """The news that sales tried an entry, and learnt something."""
    about = {"adoption_id": "a-1", "entry_id": "item-1", "item_id": "item-1", "item_version": 1, "version": 1}
    said = {"department": "sales", "outcome": "worked", "who": who(), "title": "Plain words"}
    learnt = {"learned": "Shorter is better.", "learned_as": "item-9", "learned_by": author(proof="ben's")}
    return AdoptionReported.model_validate(about | said | learnt | {"topics": ("finance/tax",)} | changes)


def kept(state: Any, *said: Any, name: str = "item-1") -> Document[Any]:
    """A stored document that has said these things."""
    history = tuple(
        Announcement.of(one, f"things/{name}/{n}", CAUSE, NOW).stored() for n, one in enumerate(said, start=1)
    )
    return Document(name, max(1, len(said)), state, history)
