"""I6 to I8: who decided, what was parked, and whether anything still waits."""

import json
from collections import Counter

from services.codify.storage import BEGINNING
from shared.identity.signatures import BadSignature, DecisionClaims, public_half, verify
from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.plan import CURATORS, covers
from tests.chaos.planted import HEADER


def decided_by_curators(evidence: Evidence) -> Finding:
    """I6, from the signed decisions themselves; the client appointed the curators and knows the authors."""
    finding = Finding(
        "I6", "Every publication has a verified decision by a curator with the say, who is not the author."
    )
    decisions = _verified(evidence)
    authors = {act.answer.get("id"): act.by for act in evidence.history.done("capture")}
    for entry, decision in evidence.publications():
        finding.count("publications")
        where, claims = f"{entry.entry_id}:{entry.version}", decisions.get(decision)
        if claims is None:
            finding.wrong.append(f"{where} has no verified decision")
            continue
        finding.expect(_has_the_say(claims, entry.content.topics), f"{where}: {claims.sub} had no say")
        finding.expect(claims.sub != authors.get(claims.item_id), f"{where}: {claims.sub} is the author")
    return finding


def _verified(evidence: Evidence) -> dict[str, DecisionClaims]:
    key, found = public_half(evidence.gateway_key), {}
    for record in evidence.topics["knowhow.codify.decisions.v1"]:
        try:
            claims = verify(json.loads(record.value or b"{}")["jws"], key, BEGINNING)
        except BadSignature:
            continue
        found[f"{claims.sub}/{claims.item_id}/{claims.jti}"] = claims
    return found


def _has_the_say(claims: DecisionClaims, topics: tuple[str, ...]) -> bool:
    return all(covers(CURATORS.get(claims.sub, ()), topic) for topic in topics)


def poison_is_parked(evidence: Evidence) -> Finding:
    """I7; nothing else may be parked, and after the mend nothing is left on any list."""
    finding = Finding("I7", "Poison sent = dead letters; replaying them after the mend empties the list.")
    expected = Counter((service, one.name) for one in evidence.poison for service in one.letters)
    found: Counter[tuple[str, str]] = Counter()
    for service in evidence.documents:
        for letter in evidence.documents[service].get("dead_letters", {}).values():
            headers = dict(letter["state"]["headers"])
            if HEADER in headers:
                found[service, headers[HEADER].decode()] += 1
            else:
                finding.expect(False, f"{service} parked a sound message: {letter['state']['reason'][:160]}")
    finding.count("poison sent", len(evidence.poison))
    finding.count("dead letters", found.total())
    for service, name in expected.keys() | found.keys():
        right = expected[service, name] == found[service, name]
        finding.expect(
            right,
            f"{name} was parked {found[service, name]} times by {service}, not {expected[service, name]}",
        )
    finding.expect(
        evidence.left_after_mend == 0, f"{evidence.left_after_mend} dead letters are left after the mend"
    )
    return finding


def nothing_waits(evidence: Evidence) -> Finding:
    """I8, from marks and lanes in the databases and from the offsets that the groups committed."""
    finding = Finding("I8", "Nothing is pending, and no consumer lags.")
    for service in evidence.documents:
        finding.count("services looked at")
        finding.expect(evidence.lag[service] == 0, f"{service} lags by {evidence.lag[service]} records")
        pending = evidence.pending[service]
        finding.expect(pending == 0, f"{service} has {pending} documents with something not announced")
    return finding
