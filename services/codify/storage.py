"""What codify keeps: reviews, decisions, the library, and who has the say."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from services.codify.domain.entry import Adoption, LibraryEntry
from services.codify.domain.review import Curator, Review, ReviewState, TakenBack
from services.codify.steps.ask_for_decision import Asked
from services.codify.steps.close_review import RetireEntry
from services.codify.steps.decide_review import Audit, Checked
from shared.contracts.codify import DecideReview, ItemApproved, Verdict
from shared.contracts.share import ItemNominated
from shared.fingerprint import digest
from shared.identity.authorship import authorship
from shared.identity.signatures import BadSignature, DecisionClaims, kid_of, public_half, verify
from shared.storage.document import Collection, Document
from shared.storage.documents import Documents, Page, Query

REVIEWS = Collection("reviews", Review, indexes=("state.state,state.opened_at,_id",))
ENTRIES = Collection("entries", LibraryEntry, indexes=("state.published_at,_id", "state.content.topics"))
CURATORS = Collection("curators", Curator)
ASKED = Collection("asked", Asked)
TAKEN_BACK = Collection("taken_back", TakenBack)
AUDITS = Collection("audits", Audit)
ADOPTIONS = Collection("adoptions", Adoption, indexes=("state.entry_id,state.outcome",))

BEGINNING = datetime.fromtimestamp(0, UTC)
"""The moment at which signatures are checked: a decision that counted still holds when it is heard again after it expired."""

MOST_CURATORS = 1000
OWN = "own:"
"""How the id of a curator's own key begins: `own:<person>:<anything>`, so that a key names its owner."""


class CodifyStorage:
    """Codify's queries, and the keys with which decisions are checked."""

    def __init__(self, documents: Documents, gateway_key: str, author_key: bytes) -> None:
        self.documents = documents
        self.gateway = public_half(gateway_key)
        self.author_key = author_key

    async def checked(self, heard: Sequence[DecideReview]) -> list[Checked]:
        """Each decision with its signature checked against the keys known now, and the say its signer has now."""
        curators = {one.known.person.id: one.known for one in (await self.curators()).documents}
        found = [self._check(one, curators) for one in heard]
        entries = await self.documents.load(ENTRIES, {one.into for one in found if one.into})
        topics = {
            key: entry.known.content.topics for key, entry in entries.items() if not entry.known.retired
        }
        audits = await self.documents.load(AUDITS, {digest(one) for one in heard})
        counted = {key for key, audit in audits.items() if audit.known.refused is None}
        return [
            one.model_copy(
                update={"into_topics": topics.get(one.into or ""), "counted_before": digest(said) in counted}
            )
            for said, one in zip(heard, found, strict=True)
        ]

    async def checked_with_review(self, heard: Sequence[DecideReview]) -> list[tuple[Review | None, Checked]]:
        """Each decision checked, with the review that it is about."""
        reviews = await self.documents.load(REVIEWS, {one.item_id for one in heard})
        states = [reviews[one.item_id].state if one.item_id in reviews else None for one in heard]
        return list(zip(states, await self.checked(heard), strict=True))

    def _check(self, heard: DecideReview, curators: dict[str, Curator]) -> Checked:
        try:
            claims = verify(heard.jws, self._key_for(kid_of(heard.jws), curators), BEGINNING)
        except BadSignature as error:
            return Checked(why_not=str(error))
        if kid_of(heard.jws).startswith(OWN) and _owner(kid_of(heard.jws)) != claims.sub:
            return Checked(why_not="The decision is signed with somebody else's key.", sub=claims.sub)
        return self._read(claims, curators.get(claims.sub))

    def _key_for(self, kid: str, curators: dict[str, Curator]) -> dict[str, Any]:
        if kid == self.gateway["kid"]:
            return self.gateway
        owner = curators.get(_owner(kid))
        for key in owner.own_keys if owner and not owner.removed else ():
            if json.loads(key)["kid"] == kid:
                return dict(json.loads(key))
        raise BadSignature("The decision is signed with a key that nobody has registered.")

    def _read(self, claims: DecisionClaims, curator: Curator | None) -> Checked:
        return Checked(
            decision_id=f"{claims.sub}/{claims.item_id}/{claims.jti}",
            item_id=claims.item_id,
            version=claims.version,
            content_sha256=claims.content_sha256,
            verdict=Verdict(claims.decision),
            reason=claims.reason,
            into=claims.into,
            curator=curator,
            sub=claims.sub,
            expired=claims.exp <= datetime.now(UTC).timestamp(),
            proof=authorship(self.author_key, claims.sub, claims.item_id),
        )

    async def review_of(self, heard: Sequence[ItemApproved]) -> list[Review | None]:
        """The review of each approved item, as it is now."""
        found = await self.documents.load(REVIEWS, {one.item_id for one in heard})
        return [found[one.item_id].state if one.item_id in found else None for one in heard]

    async def taken_back(self, heard: Sequence[ItemNominated]) -> list[TakenBack | None]:
        """Whether each nominated item was taken back, and when."""
        found = await self.documents.load(TAKEN_BACK, {one.item_id for one in heard})
        return [found[one.item_id].state if one.item_id in found else None for one in heard]

    async def curators(self) -> Page[Curator]:
        """All who have or had the say."""
        return await self.documents.page(CURATORS, Query(limit=MOST_CURATORS))

    async def curator_of(self, heard: Sequence[RetireEntry]) -> list[Curator | None]:
        """The curator who asks, as they are now."""
        found = await self.documents.load(CURATORS, {one.by for one in heard})
        return [found[one.by].state if one.by in found else None for one in heard]

    async def review(self, item_id: str) -> Document[Review] | None:
        """One review, or None."""
        return await self.documents.get(REVIEWS, item_id)

    async def reviews(self, state: ReviewState, limit: int, after: tuple[Any, str] | None) -> Page[Review]:
        """Reviews in a state, the oldest first."""
        query = Query({"state.state": state}, "state.opened_at", limit=limit, after=after)
        return await self.documents.page(REVIEWS, query)

    async def entry(self, entry_id: str) -> Document[LibraryEntry] | None:
        """One entry, or None."""
        return await self.documents.get(ENTRIES, entry_id)

    async def entries(
        self, where: dict[str, Any], limit: int, after: tuple[Any, str] | None
    ) -> Page[LibraryEntry]:
        """Entries in use, the newest first."""
        query = Query(
            {"state.retired": None} | where, "state.published_at", newest_first=True, limit=limit, after=after
        )
        return await self.documents.page(ENTRIES, query)

    async def adoptions(self, entry_id: str) -> dict[str, int]:
        """How many departments reported which outcome."""
        outcomes = ("worked", "partly", "failed")
        return {
            outcome: await self.documents.count(
                ADOPTIONS, {"state.entry_id": entry_id, "state.outcome": outcome}
            )
            for outcome in outcomes
        }


def _owner(kid: str) -> str:
    return kid.removeprefix(OWN).rsplit(":", 1)[0]
