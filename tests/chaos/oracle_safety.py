"""I7 and I8: what was parked, and whether anything still waits."""

from collections import Counter

from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.planted import HEADER
from tests.chaos.poison import STEP_RAISES


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
    for one in evidence.poison:
        heard = one.what != STEP_RAISES or f"chaos-{one.name}" in evidence.documents["share"]["items"]
        finding.expect(heard, f"{one.name} was replayed, and nothing came of it")
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
