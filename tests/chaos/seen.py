"""Where each item is, told from the services' own documents and not from what discover says about it."""

from collections import defaultdict
from functools import cached_property
from itertools import zip_longest
from typing import Any

from services.discover.domain.item import Stage
from tests.chaos.evidence import Evidence, Raw
from tests.chaos.history import Act


class Seen:
    """The evidence, found by what the client knows: names, people and ids."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def documents(self, service: str, collection: str) -> dict[str, Any]:
        """A collection, by id; empty where there is none yet."""
        return dict(self.evidence.documents[service].get(collection, {}))

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """The ids of the items whose title begins with a name."""
        found = defaultdict(list)
        for key, item in self.documents("discover", "items").items():
            found[item["state"]["content"]["title"].split(" ", 1)[0]].append(key)
        return found

    @cached_property
    def _learned(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for key, item in self.documents("discover", "items").items():
            found[item["state"]["content"]["body"]].append(key)
        return found

    @cached_property
    def _delivered(self) -> set[str]:
        return {one["state"]["item_id"] for one in self.documents("spread", "deliveries").values()}

    @cached_property
    def _adopted(self) -> set[str]:
        return {one["state"]["entry_id"] for one in self.documents("spread", "reports").values()}

    @cached_property
    def endorsements(self) -> dict[str, list[Any]]:
        """What colleagues said for each item."""
        found = defaultdict(list)
        for one in self.documents("share", "endorsements").values():
            found[one["state"]["item_id"]].append(one["state"])
        return found

    @cached_property
    def publishing(self) -> set[str]:
        """The decisions that made the versions of all entries."""
        entries = self.documents("codify", "entries").values()
        return {decision for one in entries for decision in one["state"]["decisions"]}

    def review(self, item_id: str) -> Raw | None:
        """The review of an item, if there is one."""
        return self._by_collection["reviews"].get(item_id)

    @cached_property
    def _by_collection(self) -> dict[str, dict[str, Any]]:
        return {
            "discovered": self.documents("discover", "items"),
            "shared": self.documents("share", "items"),
            "endorsements": self.documents("share", "endorsements"),
            "reviews": self.documents("codify", "reviews"),
            "entries": self.documents("codify", "entries"),
            "reports": self.documents("spread", "reports"),
            "subscriptions": self.documents("spread", "subscriptions"),
        }

    def place(self, item_id: str) -> str:
        """The furthest place that an item has come to, by the documents of share, codify and spread."""
        if item_id in self._adopted:
            return Stage.ADOPTED.value
        if item_id in self._delivered:
            return Stage.DELIVERED.value
        if item_id in self._by_collection["entries"]:
            return Stage.PUBLISHED.value
        return self._before_publication(item_id)

    def _before_publication(self, item_id: str) -> str:
        review, shared = (self._by_collection[name].get(item_id) for name in ("reviews", "shared"))
        if review and review["state"]["decisions"]:
            return str(review["state"]["state"])
        if review or (shared and shared["state"]["nominated"]):
            return Stage.NOMINATED.value
        return Stage.SHARED.value if shared else Stage.CAPTURED.value

    def effects(self, act: Act) -> list[bool] | None:
        """Each effect of what somebody did, True where it is as they wished; None for acts that are judged elsewhere."""
        effect = {
            "endorse": self._endorsed,
            "nominate": self._nominated,
            "decide": self._decided,
            "adopt": self._reported,
            "amend": self._amended,
            "subscribe": self._subscribed,
            "unsubscribe": self._unsubscribed,
        }.get(act.what)
        return effect(act) if effect else None

    def _endorsed(self, act: Act) -> list[bool]:
        said = self._history("endorsements", f"{act.about}:{act.by}")
        return [one["type"] == "ItemEndorsed" for one in said]

    def _nominated(self, act: Act) -> list[bool]:
        said = self._history("shared", act.about)
        return [True for one in said if one["type"] == "ItemNominated"]

    def _decided(self, act: Act) -> list[bool]:
        review = self._by_collection["reviews"].get(act.about)
        decisions = review["state"]["decisions"] if review else []
        wish = (act.wish["decision"], act.by)
        return [(one["verdict"], one["by"]["id"]) == wish for one in decisions]

    def _reported(self, act: Act) -> list[bool]:
        reports = [
            key == act.answer.get("adoption_id", key)
            for key, one in self._by_collection["reports"].items()
            if (one["state"]["entry_id"], one["state"]["who"]["id"]) == (act.about, act.by)
        ]
        lessons = self._learned.get(act.wish["learned"], [])
        return [bool(one and lesson) for one, lesson in zip_longest(reports, lessons)]

    def _amended(self, act: Act) -> list[bool]:
        said = self._history("discovered", act.about)
        held = [self._by_collection[name] for name in ("discovered", "shared")]
        bodies = [items[act.about]["state"]["content"]["body"] for items in held if act.about in items]
        as_wished = bodies == [act.wish["body"]] * 2
        return [as_wished for one in said if one["type"] == "ItemAmended"]

    def _subscribed(self, act: Act) -> list[bool]:
        found = self._by_collection["subscriptions"].get(act.answer.get("id", ""))
        return [found["state"]["department"] == act.wish["department"]] if found else []

    def _unsubscribed(self, act: Act) -> list[bool]:
        return [True] if self._by_collection["subscriptions"][act.about]["state"]["removed"] else []

    def _history(self, name: str, key: str) -> list[Raw]:
        document = self._by_collection[name].get(key)
        return list(document["history"]) if document else []
