"""Codify by hand: opens reviews, its curator approves them with a signature, and approved items become entries."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shared.contracts import codify, share, spread
from shared.contracts.codify import DecideReview, EntryPublished, ItemApproved, ReviewOpened
from shared.fingerprint import digest
from shared.identity.authorship import authorship
from shared.identity.signatures import public_half, verify
from tests.benchmarks.by_hand.pipe import Event, Heard, document, event, insert, load, now, update
from tests.benchmarks.items import CURATOR
from tests.benchmarks.people import decision_id, signed

TOPICS = [share.ITEMS, codify.DECISIONS, codify.REVIEWS, spread.ADOPTIONS]
BEGINNING = datetime.fromtimestamp(0, UTC)


class Codify:
    """The service."""

    def __init__(self, database: Any, settings: dict[str, Any]) -> None:
        self.database = database
        self.key = settings["gateway_key"]
        self.public = public_half(self.key)
        self.author_key = settings["author_key"].encode()

    async def prepare(self) -> None:
        """The indexes that its queries need, and a curator with the say."""
        for fields in ("mark", "state.state,state.opened_at"):
            await self.database["reviews"].create_index([(name, 1) for name in fields.split(",")])
        for fields in ("mark", "state.published_at", "state.content.topics"):
            await self.database["entries"].create_index(fields)
        curator = {"person": CURATOR.model_dump(), "topics": [""], "own_keys": [], "removed": False}
        await insert(self.database["curators"], [document(CURATOR.id, curator)])

    async def handle(self, heard: Sequence[Heard]) -> list[Event]:
        """What is said because of this."""
        of = {kind: [one for one in heard if isinstance(one[0], kind)] for kind in _KINDS}
        return [
            *await self._open(of[share.ItemNominated]),
            *await self._ask(of[ReviewOpened]),
            *await self._decide(of[DecideReview]),
            *await self._publish(of[ItemApproved]),
        ]

    async def _open(self, heard: Sequence[Heard]) -> list[Event]:
        return await self._insert("reviews", [_review(said, headers) for said, headers in heard])

    async def _ask(self, heard: Sequence[Heard]) -> list[Event]:
        return await self._insert("asked", [self._asked(said, headers) for said, headers in heard])

    async def _publish(self, heard: Sequence[Heard]) -> list[Event]:
        return await self._insert("entries", [_entry(said, headers) for said, headers in heard])

    async def _insert(self, name: str, documents: Sequence[dict[str, Any]]) -> list[Event]:
        await insert(self.database[name], documents)
        return [said for one in documents for said in one["history"]]

    def _asked(self, heard: Any, headers: dict[str, str]) -> dict[str, Any]:
        identity = decision_id(heard)
        said = DecideReview(item_id=heard.item_id, jws=signed(heard, self.key, now()))
        return document(identity, {"item_id": heard.item_id}, event(said, f"asked/{identity}/1", headers))

    async def _decide(self, heard: Sequence[Heard]) -> list[Event]:
        if not heard:
            return []
        reviews = await load(self.database["reviews"], [said.subject for said, _ in heard])
        curators = await load(self.database["curators"], [CURATOR.id])
        found = [self._decided(reviews[said.subject], curators, said, headers) for said, headers in heard]
        changes = [one for one in found if one[0]["state"]["state"] == "open"]
        await update(self.database["reviews"], changes)
        audits = [document(digest(said), _audit(said)) for said, _ in heard]
        await insert(self.database["audits"], audits)
        return [said for _, _, says in found for said in says]

    def _decided(
        self, review: dict[str, Any], curators: dict[str, Any], said: Any, headers: dict[str, str]
    ) -> tuple[dict[str, Any], dict[str, Any], list[Event]]:
        claims, state = verify(said.jws, self.public, BEGINNING), review["state"]
        curator = curators[claims.sub]["state"]
        own = state["author"]["proof"] == authorship(self.author_key, claims.sub, review["_id"])
        read = (state["item_id"], state["version"], state["content_sha256"])
        if own or curator["removed"] or (claims.item_id, claims.version, claims.content_sha256) != read:
            raise ValueError("the decision must not count")
        name = f"{claims.sub}/{claims.item_id}/{claims.jti}"
        decision = {"decision_id": name, "version": claims.version, "verdict": "approve", "into": None}
        decision |= {"reason": claims.reason, "by": curator["person"], "at": now()}
        kept = {field: state[field] for field in ("content", "content_sha256", "author", "evidence")}
        told = ItemApproved.model_validate(decision | kept | {"item_id": claims.item_id})
        says = [event(told, f"reviews/{review['_id']}/2", headers)]
        return review, {"state": "approved", "decisions": [decision]}, says


_KINDS = (share.ItemNominated, ReviewOpened, DecideReview, ItemApproved)


def _audit(said: Any) -> dict[str, Any]:
    return {"item_id": said.item_id, "sub": CURATOR.id, "refused": None}


def _review(said: Any, headers: dict[str, str]) -> dict[str, Any]:
    told = ReviewOpened(item_id=said.item_id, version=said.version, content_sha256=said.content_sha256)
    state = said.model_dump() | {"opened_at": now(), "state": "open", "decisions": []}
    return document(said.item_id, state, event(told, f"reviews/{said.item_id}/1", headers))


def _entry(said: Any, headers: dict[str, str]) -> dict[str, Any]:
    told = EntryPublished(
        entry_id=said.item_id,
        item_version=said.version,
        approved_by=said.by,
        published_at=now(),
        **said.model_dump(include={"item_id", "version", "content", "content_sha256", "author", "evidence"}),
    )
    state = told.model_dump() | {"decisions": [said.decision_id], "retired": None}
    return document(said.item_id, state, event(told, f"entries/{said.item_id}/1", headers))
