"""I4 and I5: who got what, by brute force, and whether the index is the library."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.spread.domain.feed import SpreadEntry
from services.spread.domain.subscription import Wanted
from services.spread.index import indexed
from shared.contracts.codify import Entry
from shared.flow.hearing import headers_of
from shared.storage.document import Document
from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.history import Act, Outcome
from tests.support.subscribing import means

NEVER = float("inf")


@dataclass
class Following:
    """A subscription, and when it may and when it must have stood, on the client's clock."""

    subscription_id: str
    wanted: Wanted
    asked: float
    answered: float
    leaving: float = NEVER
    left: float = NEVER


def delivered_as_followed(evidence: Evidence) -> Finding:
    """I4; an entry whose decision fell into the time in which a subscription came or went may go either way."""
    says = "What was delivered is what brute force says from the subscriptions as they stood; versions only rise."
    finding = Finding("I4", says)
    followings, delivered = _followings(evidence), _delivered(evidence, finding)
    decided = _decided_at(evidence)
    for entry, decision in evidence.publications():
        matching = [one for one in followings if means(one.wanted, entry.content)]
        began = decided.get(decision.split("/")[1], 0.0)
        got = delivered.pop((entry.entry_id, entry.version), set())
        must = {one.subscription_id for one in matching if one.answered < began and one.leaving == NEVER}
        may = {one.subscription_id for one in matching if one.left > began}
        finding.count("publications")
        finding.count("deliveries to subscriptions", len(got))
        finding.count("either way", len(may - must))
        finding.expect(
            must <= got, f"{entry.entry_id}:{entry.version} did not reach {sorted(must - got)[:3]}"
        )
        finding.expect(got <= may, f"{entry.entry_id}:{entry.version} reached {sorted(got - may)[:3]}")
    for entry_id, version in delivered:
        finding.expect(False, f"{entry_id}:{version} was delivered and never published")
    _versions_rise(evidence, finding)
    return finding


def _followings(evidence: Evidence) -> list[Following]:
    gone = {act.about: act for act in evidence.history.done("unsubscribe")}
    found: dict[str, Following] = {}
    for act in evidence.history.done("subscribe"):
        if act.outcome is Outcome.OK:
            key = act.answer["id"]
            first = found.setdefault(key, _following(key, act))
            first.answered = min(first.answered, act.known)
            first.leaving, first.left = _leaving(gone.get(key))
    known = evidence.documents["spread"].get("subscriptions", {})
    return [*found.values(), *(_unknown(one["state"]) for key, one in known.items() if key not in found)]


def _following(key: str, act: Act) -> Following:
    return Following(key, Wanted.model_validate({"kinds": (), "query": None} | act.wish), act.sent, act.known)


def _leaving(act: Act | None) -> tuple[float, float]:
    if act is None:
        return NEVER, NEVER
    return act.sent, act.known if act.outcome is Outcome.OK else NEVER


def _unknown(state: Mapping[str, Any]) -> Following:
    return Following(state["subscription_id"], Wanted.model_validate(state["wanted"]), 0.0, NEVER)


def _decided_at(evidence: Evidence) -> dict[str, float]:
    return {act.about: act.sent for act in evidence.history.done("decide")}


def _delivered(evidence: Evidence, finding: Finding) -> dict[tuple[str, int], set[str]]:
    delivered: dict[tuple[str, int], set[str]] = defaultdict(set)
    for document in evidence.documents["spread"].get("deliveries", {}).values():
        state = document["state"]
        place, new = (state["entry_id"], state["version"]), set(state["subscriptions"])
        twice = delivered[place] & new
        finding.expect(not twice, f"{place} was delivered twice to {sorted(twice)[:3]}")
        delivered[place] |= new
    return delivered


def _versions_rise(evidence: Evidence, finding: Finding) -> None:
    newest: dict[tuple[str, str], int] = {}
    seen: set[str] = set()
    for record in evidence.topics["knowhow.spread.feeds.v1"]:
        said = json.loads(record.value or b"{}")
        headers = headers_of(record)
        # A history that is announced again comes document by document, and each document is one version.
        if (name := headers["ce_id"]) in seen or "announcedagain" in headers:
            continue
        seen.add(name)
        feed = (said["department"], said["entry_id"])
        finding.count("feed entries")
        finding.expect(said["version"] > newest.get(feed, 0), f"{name} came after version {newest.get(feed)}")
        newest[feed] = max(said["version"], newest.get(feed, 0))


def index_is_the_library(evidence: Evidence) -> Finding:
    """I5, from what codify published and not from what spread stored."""
    finding = Finding("I5", "The search index equals the library: ids and content hashes.")
    library = _hashes(_newest(evidence.publications()))
    index = {key: _hash(source) for key, source in evidence.index.items()}
    finding.count("entries in the library", len(library))
    finding.count("entries in the index", len(index))
    for key in library.keys() | index.keys():
        finding.expect(library.get(key) == index.get(key), f"{key} differs, or is missing on one side")
    return finding


def _newest(publications: Iterable[tuple[Entry, str]]) -> dict[str, Entry]:
    newest: dict[str, Entry] = {}
    for entry, _ in sorted(publications, key=lambda one: one[0].version):
        newest[entry.entry_id] = entry
    return newest


def _hashes(library: Mapping[str, Entry]) -> dict[str, str]:
    entries = {key: SpreadEntry.model_validate(dict(entry)) for key, entry in library.items()}
    return {key: _hash(indexed(Document(key, 1, entry)).source) for key, entry in entries.items()}


def _hash(source: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(source, sort_keys=True, default=str).encode()).hexdigest()
