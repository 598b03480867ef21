"""I4 and I5: who got what, by brute force, and whether the index is the library."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.spread.domain.subscription import Wanted
from shared.contracts.base import Content
from shared.flow.hearing import headers_of
from tests.chaos.evidence import Evidence, Raw
from tests.chaos.finding import Finding
from tests.chaos.history import Act, Outcome
from tests.support.subscribing import means

NEVER = float("inf")


@dataclass
class Following:
    """A subscription, and when it may and when it must have stood, on the client's clock."""

    subscription_id: str
    department: str
    wanted: Wanted
    asked: float
    answered: float
    leaving: float = NEVER
    left: float = NEVER


def delivered_as_followed(evidence: Evidence) -> Finding:
    """I4; an entry that was under way while a subscription came or went may go either way.

    It is under way from its decision until it was first seen in a feed, or for ever where nobody looked in time: an
    earlier end cannot be proved, since an entry is matched again until its matches are stored.
    """
    says = "What was delivered is what brute force says from the subscriptions as they stood; versions only rise."
    finding = Finding("I4", says)
    followings = _followings(evidence, finding)
    delivered = _delivered(evidence, {one.subscription_id: one.department for one in followings}, finding)
    decided = _decided_at(evidence)
    for entry, decision in evidence.publications():
        matching = [one for one in followings if means(one.wanted, entry.content)]
        began = decided.get(decision.split("/")[1], 0.0)
        got = delivered.pop((entry.entry_id, entry.version), set())
        ended = evidence.history.delivered.get((entry.entry_id, entry.version), NEVER)
        must = {one.subscription_id for one in matching if one.answered < began and one.leaving >= ended}
        may = {one.subscription_id for one in matching if one.asked < ended and one.left > began}
        finding.count("publications")
        finding.count("deliveries to subscriptions", len(got))
        finding.count("either way", len(may - must))
        finding.expect(
            must <= got, f"{entry.entry_id}:{entry.version} did not reach {sorted(must - got)[:3]}"
        )
        finding.expect(got <= may, f"{entry.entry_id}:{entry.version} reached {sorted(got - may)[:3]}")
    for entry_id, version in delivered:
        finding.expect(False, f"{entry_id}:{version} was delivered and never published")
    _as_published(evidence, finding)
    _versions_rise(evidence, finding)
    return finding


def _followings(evidence: Evidence, finding: Finding) -> list[Following]:
    asked = _first_asked(evidence)
    found: dict[str, Following] = {}
    for act in evidence.history.done("subscribe"):
        if act.outcome is Outcome.OK:
            key = act.answer["id"]
            first = found.setdefault(key, _following(key, act, asked[_wish(act)]))
            first.answered = min(first.answered, act.known)
    for act in evidence.history.done("unsubscribe"):
        _leaves(found[act.about], act)
    stored = evidence.documents["spread"].get("subscriptions", {})
    unknown = [_unknown(one["state"]) for key, one in stored.items() if key not in found]
    unanswered = sum(act.outcome is Outcome.UNKNOWN for act in evidence.history.done("subscribe"))
    finding.expect(
        len(unknown) <= unanswered, f"{len(unknown)} subscriptions, {unanswered} unanswered wishes"
    )
    return [*found.values(), *unknown]


def _first_asked(evidence: Evidence) -> dict[str, float]:
    # Who asks for the same again finds what an earlier request made, even one that was never answered.
    return {_wish(act): act.sent for act in reversed(evidence.history.done("subscribe"))}


def _wish(act: Act) -> str:
    return json.dumps(act.wish, sort_keys=True)


def _following(key: str, act: Act, asked: float) -> Following:
    wanted = Wanted.model_validate({"kinds": (), "query": None} | act.wish)
    return Following(key, act.wish["department"], wanted, asked, act.known)


def _leaves(following: Following, act: Act) -> None:
    following.leaving = min(following.leaving, act.sent)
    if act.outcome is Outcome.OK:
        following.left = min(following.left, act.known)


def _unknown(state: Mapping[str, Any]) -> Following:
    wanted = Wanted.model_validate(state["wanted"])
    return Following(state["subscription_id"], state["department"], wanted, 0.0, NEVER)


def _decided_at(evidence: Evidence) -> dict[str, float]:
    return {act.about: act.sent for act in evidence.history.done("decide")}


def _delivered(
    evidence: Evidence, departments: Mapping[str, str], finding: Finding
) -> dict[tuple[str, int], set[str]]:
    delivered: dict[tuple[str, int], set[str]] = defaultdict(set)
    for document in evidence.documents["spread"].get("deliveries", {}).values():
        state = document["state"]
        place, new = (state["entry_id"], state["version"]), set(state["subscriptions"])
        twice = delivered[place] & new
        finding.expect(not twice, f"{place} was delivered twice to {sorted(twice)[:3]}")
        astray = {one for one in new if departments.get(one) not in {None, state["department"]}}
        finding.expect(
            not astray, f"{place} for {sorted(astray)[:3]} is in the feed of {state['department']}"
        )
        delivered[place] |= new
    return delivered


def _as_published(evidence: Evidence, finding: Finding) -> None:
    published = {(one.entry_id, one.version): one.content for one, _ in evidence.publications()}
    for key, document in evidence.documents["spread"].get("deliveries", {}).items():
        state = document["state"]
        content = published.get((state["entry_id"], state["version"]))
        right = content is None or Content.model_validate(state["content"]) == content
        finding.expect(right, f"{key} has another content than what was published")


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
    """I5, from what codify announced and not from what spread stored."""
    finding = Finding("I5", "The search index equals the library, in everything that it is searched by.")
    entries = evidence.documents["codify"].get("entries", {})
    library = {key: _searched(document) for key, document in entries.items()}
    finding.count("entries in the library", len(library))
    finding.count("entries in the index", len(evidence.index))
    for key in library.keys() | evidence.index.keys():
        right = library.get(key) == evidence.index.get(key)
        finding.expect(right, f"{key} differs, or is missing on one side")
    return finding


def _searched(document: Raw) -> dict[str, Any]:
    said = [json.loads(one["value"]) for one in document["history"]]
    # A retirement tells no content again: what was said before it still stands.
    newest = {name: value for one in said for name, value in one.items()}
    content, published = newest["content"], datetime.fromisoformat(newest["published_at"])
    return {
        "title": content["title"],
        "opening": content["body"][:4000],
        "body": content["body"][:32_000],
        "kind": content["kind"],
        "own_topics": content["topics"],
        "topics": sorted({above for topic in content["topics"] for above in _that_take_in(topic)}),
        "version": newest["version"],
        "retired": document["history"][-1]["type"] == "EntryRetired",
        "published_at": published.isoformat(),
    }


def _that_take_in(topic: str) -> set[str]:
    return {"/".join(topic.split("/")[:depth]) for depth in range(1, topic.count("/") + 2)}
