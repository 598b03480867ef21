"""I1: by the client's own history, everything that it did is there as often as it may be."""

from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.history import Act, Outcome
from tests.chaos.owed import owed
from tests.chaos.seen import Seen

MAY_BE_THERE = {Outcome.OK: {1}, Outcome.FAILED: {0}, Outcome.UNKNOWN: {0, 1}}
"""How often something may be there, by what the client knows of it."""


def each_item_once(evidence: Evidence) -> Finding:
    """I1: items by their names, in one place each and nothing owed to them, and every other act by its effect."""
    says = "Every accepted item is in exactly one place of its journey; an unknown request counts nought or once."
    finding, seen = Finding("I1", says), Seen(evidence)
    for act in evidence.history.done("capture"):
        found = seen.named.get(act.wish["title"].split(" ", 1)[0], [])
        finding.count(f"captures {act.outcome}")
        right = len(found) in MAY_BE_THERE[act.outcome]
        finding.expect(right, f"the capture of {act.about} was {act.outcome} and is there {len(found)} times")
        for item_id in found:
            _as_captured(evidence, act, item_id, finding)
    for item_id, item in seen.documents("discover", "items").items():
        _in_one_place(seen, item_id, item["state"]["stage"], finding)
        finding.expect(not (missing := owed(seen, item_id)), f"{item_id} {missing}")
    _somebodys(evidence, seen, finding)
    _effects(evidence, seen, finding)
    finding.wrong += evidence.history.contradictions
    return finding


def _as_captured(evidence: Evidence, act: Act, item_id: str, finding: Finding) -> None:
    if any(other.about == item_id for other in evidence.history.done("amend")):
        return
    state = evidence.documents["discover"]["items"][item_id]["state"]
    same = all(state["content"][name] == value for name, value in act.wish.items())
    finding.expect(same, f"{item_id} is not what {act.by} captured")
    finding.expect(state["author"]["person"] == act.by, f"{item_id} is not known as {act.by}'s")


def _in_one_place(seen: Seen, item_id: str, stage: str, finding: Finding) -> None:
    place = seen.place(item_id)
    finding.count(f"items {place}")
    finding.expect(stage == place, f"{item_id} is {stage} to discover and {place} to the others")


def _somebodys(evidence: Evidence, seen: Seen, finding: Finding) -> None:
    named = {act.wish["title"].split(" ", 1)[0] for act in evidence.history.done("capture")}
    lessons = {act.wish["learned"] for act in evidence.history.done("adopt")}
    for item_id, item in seen.documents("discover", "items").items():
        content = item["state"]["content"]
        known = content["title"].split(" ", 1)[0] in named or content["body"] in lessons
        finding.expect(known, f"nobody captured or learnt {item_id}")


def _effects(evidence: Evidence, seen: Seen, finding: Finding) -> None:
    for act in evidence.history.acts:
        there = seen.effects(act)
        if there is None:
            continue
        finding.count(f"{act.what} {act.outcome}")
        right = len(there) in MAY_BE_THERE[act.outcome] and all(there)
        what = f"{act.what} of {act.about} by {act.by} was {act.outcome} ({act.status})"
        finding.expect(
            right, f"{what} and is there {len(there)} times, {there.count(False)} of them not as wished"
        )
