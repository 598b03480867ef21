"""A small town's evidence: one item that was approved, delivered and indexed, as a right history has it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from aiokafka.structs import ConsumerRecord

from shared.contracts.base import Said, Who
from shared.contracts.codify import EntryPublished
from shared.fingerprint import content_sha256
from shared.identity.signatures import DecisionClaims, new_key, sign
from tests.chaos.evidence import Evidence
from tests.chaos.history import Act, History, Outcome
from tests.support import builders
from tests.support.topics import Raw

KEY = new_key("gateway")
CONTENT = builders.content(title="n1 ledger", body="n1: kiwi", topics=("finance/tax",))
SHA = content_sha256(CONTENT)
OTTO = Who(id="otto", name="Otto", department="d")
DECISION = "otto/item-1/once"


def document(key: str, state: Mapping[str, Any], *said: Said, collection: str = "items") -> dict[str, Any]:
    """A document as the database has it, with its announcements."""
    history = [
        {
            "id": f"{collection}/{key}/{number}",
            "type": type(one).__name__,
            "topic": one.destination,
            "value": one.model_dump_json(),
        }
        for number, one in enumerate(said, 1)
    ]
    return {"_id": key, "state": state, "history": history}


def records(service: str, *documents: Mapping[str, Any]) -> list[Raw]:
    """What a service's documents have said, as it is on a topic."""
    return [
        Raw(one["value"].encode(), (("ce_source", f"/{service}".encode()), ("ce_id", one["id"].encode())))
        for document in documents
        for one in document["history"]
    ]


def published(**changes: Any) -> EntryPublished:
    """The announcement of the entry."""
    usual: dict[str, Any] = {"content": CONTENT, "content_sha256": SHA, "approved_by": OTTO}
    return builders.published(**usual | {"entry_id": "item-1", "item_id": "item-1"} | changes)


def entry(said: EntryPublished, decision: str = DECISION) -> dict[str, Any]:
    """The entry as codify has it."""
    return document(said.entry_id, {"decisions": [decision]}, said, collection="entries")


def decided(key: str = KEY, **changes: Any) -> Raw:
    """Otto's signed decision, as it is on its topic."""
    claims = {
        "item_id": "item-1",
        "version": 1,
        "content_sha256": SHA,
        "decision": "approve",
        "reason": "Good.",
    }
    fixed = {"sub": "otto", "jti": "once", "iat": 1, "exp": 2}
    signed = sign(DecisionClaims.model_validate(claims | fixed | changes), key)
    return Raw(json.dumps({"item_id": "item-1", "jws": signed}).encode())


def act(what: str, about: str, by: str, sent: float = 0.0, **more: Any) -> Act:
    """Something that somebody did, with success unless the test says otherwise."""
    usual: dict[str, Any] = {"wish": {}, "outcome": Outcome.OK, "known": sent + 0.1}
    return Act(what, about, by, sent=sent, **usual | more)


def evidence(
    documents: Mapping[tuple[str, str], list[dict[str, Any]]],
    *acts: Act,
    topics: Mapping[str, Sequence[Raw]] | None = None,
    decisions: tuple[Raw, ...] = (),
    index: Mapping[str, Any] | None = None,
    delivered: Mapping[tuple[str, int], float] | None = None,
    **more: Any,
) -> Evidence:
    """Evidence of these documents, by service and collection, and of what the client did."""
    held: dict[str, dict[str, Any]] = {name: {} for name in ("discover", "share", "codify", "spread")}
    for (service, collection), some in documents.items():
        held[service][collection] = {one["_id"]: one for one in some}
    history = History()
    history.acts += acts
    history.delivered |= delivered or {}
    heard = {"knowhow.codify.decisions.v1": list(decisions), **(topics or {})}
    usual: dict[str, Any] = {"lag": {}, "pending": {}, "poison": (), "left_after_mend": 0}
    return Evidence(
        documents=held,
        topics=defaultdict(list, cast("dict[str, list[ConsumerRecord[bytes, bytes]]]", heard)),
        index=index or {},
        history=history,
        gateway_key=KEY,
        **usual | more,
    )
