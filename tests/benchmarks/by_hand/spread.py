"""Spread by hand: indexes entries, and delivers each to whoever follows its topics."""

from collections.abc import Sequence
from typing import Any

from services.spread.domain.topics import with_ancestors
from services.spread.index import ENTRIES_INDEX
from shared.contracts import codify
from shared.contracts.spread import EntryDelivered
from shared.storage.search import connect
from tests.benchmarks.by_hand.pipe import Event, Heard, document, event, insert, now
from tests.benchmarks.items import CHAMPION, DEPARTMENT, TOPIC

TOPICS = [codify.ENTRIES]
OPENING, BODY = 4_000, 32_000


class Spread:
    """The service."""

    def __init__(self, database: Any, settings: dict[str, Any]) -> None:
        self.database = database
        self.search = connect(settings["opensearch"])
        self.index = f"{settings['prefix']}knowhow-entries"

    async def prepare(self) -> None:
        """The indexes that its queries need, and a department that follows."""
        for name, fields in _INDEXES:
            await self.database[name].create_index([(field, 1) for field in fields.split(",")])
        await self.search.indices.create(index=self.index, body=ENTRIES_INDEX)
        wanted = {"topics": [TOPIC], "kinds": [], "query": None}
        state = {"subscription_id": "s", "department": DEPARTMENT, "wanted": wanted, "removed": False}
        state |= {"by": CHAMPION.model_dump(), "created_at": now()}
        await insert(self.database["subscriptions"], [document("s", state)])

    async def handle(self, heard: Sequence[Heard]) -> list[Event]:
        """What is said because of this."""
        if not heard:
            return []
        entries = [said for said, _ in heard]
        await insert(self.database["entries"], [document(one.key, _entry(one)) for one in entries])
        await self._index(entries)
        topics = sorted({topic for one in entries for topic in with_ancestors(one.content.topics)})  # type: ignore[attr-defined]
        where = {"state.wanted.topics": {"$in": topics}, "state.removed": False}
        follows = await self.database["subscriptions"].find(where).to_list(None)
        matches = [_match(said, follows) for said in entries]
        await insert(self.database["matches"], [document(_key(one), one) for one in matches])
        deliveries = [
            _delivery(said, recipient, headers)
            for (said, headers), match in zip(heard, matches, strict=True)
            for recipient in match["recipients"]
        ]
        await insert(self.database["deliveries"], deliveries)
        return [said for one in deliveries for said in one["history"]]

    async def _index(self, entries: Sequence[Any]) -> None:
        lines = [line for one in entries for line in (self._place(one), _indexed(one))]
        answer = await self.search.bulk(body=lines, refresh=True)
        if [one for one in answer["items"] if one["index"]["status"] not in {200, 201, 409}]:
            raise RuntimeError("OpenSearch refused a document.")

    def _place(self, entry: Any) -> dict[str, Any]:
        versioned = {"version": entry.version, "version_type": "external_gte"}
        return {"index": {"_index": self.index, "_id": entry.entry_id} | versioned}


_INDEXES = (
    ("subscriptions", "state.wanted.topics"),
    ("entries", "mark"),
    ("matches", "mark"),
    ("deliveries", "mark"),
    ("deliveries", "state.department,state.delivered_at"),
)


def _key(match: dict[str, Any]) -> str:
    return f"{match['entry_id']}:{match['version']}"


def _entry(entry: Any) -> dict[str, Any]:
    kept = {"entry_id", "item_id", "item_version", "version", "content", "author", "published_at"}
    return {**entry.model_dump(include=kept), "retired": False}


def _indexed(entry: Any) -> dict[str, Any]:
    return {
        "title": entry.content.title,
        "opening": entry.content.body[:OPENING],
        "topics": with_ancestors(entry.content.topics),
        "kind": entry.content.kind,
        "body": entry.content.body[:BODY],
        "own_topics": entry.content.topics,
        "version": entry.version,
        "retired": False,
        "published_at": entry.published_at.isoformat(),
    }


def _match(entry: Any, follows: Sequence[Any]) -> dict[str, Any]:
    own = set(with_ancestors(entry.content.topics))
    recipients: dict[str, dict[str, Any]] = {}
    for one in (one["state"] for one in follows):
        hit = sorted(own & set(one["wanted"]["topics"]))
        if hit:
            empty = {"department": one["department"], "subscriptions": [], "because": []}
            found = recipients.setdefault(one["department"], empty)
            found["subscriptions"].append(one["subscription_id"])
            found["because"].append(f"follows {', '.join(hit)}")
    return {"entry_id": entry.entry_id, "version": entry.version, "recipients": list(recipients.values())}


def _delivery(entry: Any, recipient: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    kept = {"entry_id", "item_id", "item_version", "version", "content", "published_at"}
    state = {
        **entry.model_dump(include=kept),
        **recipient,
        "author": entry.author.name,
        "delivered_at": now(),
    }
    said = state | {name: state["content"][name] for name in ("kind", "title", "topics")}
    key = f"{entry.entry_id}:{entry.version}:{recipient['department']}"
    told = event(EntryDelivered.model_validate(said), f"deliveries/{key}/1", headers)
    return document(key, state, told)
