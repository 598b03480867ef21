"""I2 and I3: what documents and topics say about each other."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from shared.flow.hearing import headers_of
from tests.chaos.evidence import Evidence, Raw
from tests.chaos.finding import Finding

Transitions = Mapping[str, frozenset[str]]


def _only(*chain: str) -> dict[str, frozenset[str]]:
    """Each once, in this order."""
    return {before: frozenset({after}) for before, after in pairwise(("", *chain))}


LEGAL: Mapping[str, Transitions] = {
    "discover/items": _only("ItemCaptured", "ItemAmended"),
    "share/items": {
        # A topic that lost its log may tell of the amendment first.
        "": frozenset({"ItemShared", "ItemRevised"}),
        "ItemShared": frozenset({"ItemRevised", "ItemNominated"}),
        "ItemRevised": frozenset({"ItemNominated"}),
    },
    "share/endorsements": _only("ItemEndorsed"),
    "codify/asked": _only("DecideReview"),
    "codify/reviews": {
        "": frozenset({"ReviewOpened"}),
        "ReviewOpened": frozenset({"ItemApproved", "ItemMerged", "ItemRejected", "ChangesRequested"}),
    },
    "codify/entries": _only("EntryPublished", "EntryRevised") | {"EntryRevised": frozenset({"EntryRevised"})},
    "spread/deliveries": _only("EntryDelivered"),
    "spread/reports": _only("AdoptionReported"),
}
"""What may be said after what, for each aggregate that the load moves."""

NUMBERED = ("discover/items", "codify/entries")
"""Aggregates of which every announcement tells the version that it made."""


def legal_transitions(evidence: Evidence) -> Finding:
    """I2; two writers of one version would say the same number in two ways."""
    says = "Only legal transitions; each changes the version by one, by compare and set."
    finding = Finding("I2", says)
    for service, collection, document in evidence.all_documents():
        name = f"{service}/{collection}"
        for before, after in _pairs(document) if name in LEGAL else ():
            finding.count("transitions")
            right = after in LEGAL[name].get(before, ())
            finding.expect(right, f"{name}/{document['_id']}: {after} after {before or 'nothing'}")
        if name in NUMBERED:
            _versions_rise(name, document, finding)
    _said_in_one_way(evidence, finding)
    return finding


def _pairs(document: Raw) -> Iterator[tuple[str, str]]:
    types = ["", *(one["type"] for one in document["history"])]
    return pairwise(types)


def _versions_rise(name: str, document: Raw, finding: Finding) -> None:
    versions = [json.loads(one["value"])["version"] for one in document["history"]]
    finding.count("versions", len(versions))
    right = versions == list(range(1, len(versions) + 1)) and document["state"]["version"] == len(versions)
    finding.expect(right, f"{name}/{document['_id']} says {versions} and is {document['state']['version']}")


def _said_in_one_way(evidence: Evidence, finding: Finding) -> None:
    values: dict[str, set[bytes]] = defaultdict(set)
    stored = evidence.said()
    for name, _, value in _records(evidence):
        values[name].add(value)
        if name in stored:
            values[name].add(stored[name]["value"].encode())
    finding.count("announcements heard", len(values))
    for name, said in values.items():
        finding.expect(len(said) == 1, f"{name} was said in {len(said)} ways")


def histories_without_gaps(evidence: Evidence) -> Finding:
    """I3; a reader of the topics, repetitions aside, hears what the documents hold and nothing else."""
    says = (
        "Each history is numbered without gaps, and all of it is on its topic, in order, and nothing else is."
    )
    finding = Finding("I3", says)
    for service, collection, document in evidence.all_documents():
        numbers = [one["id"] for one in document["history"]]
        expected = [f"{collection}/{document['_id']}/{n}" for n in range(1, len(numbers) + 1)]
        finding.count("histories", bool(numbers))
        finding.expect(numbers == expected, f"{service}/{collection}/{document['_id']} is numbered {numbers}")
    _same_on_topics(evidence, finding)
    return finding


def _same_on_topics(evidence: Evidence, finding: Finding) -> None:
    stored = evidence.said()
    said = {name for name, one in stored.items() if one["topic"] in evidence.topics}
    heard, reached = Counter[str](), Counter[str]()
    for name, topic, _ in _records(evidence):
        heard[name] += 1
        right = name not in said or stored[name]["topic"] == topic
        finding.expect(right, f"{name} is on {topic}, where it does not belong")
        document, _, number = name.rpartition("/")
        if number == str(reached[document] + 1):
            reached[document] += 1
    for name in said:
        document, _, number = name.rpartition("/")
        finding.expect(reached[document] >= int(number), f"{name} is not on its topic, or not in order")
    for name in heard.keys() - said:
        finding.expect(False, f"{name} is on its topic and in no document")
    finding.count("announcements", len(said))
    finding.count("records on topics", heard.total())


def _records(evidence: Evidence) -> Iterator[tuple[str, str, bytes]]:
    """The name of each record, its topic, and what it says."""
    for topic, records in evidence.topics.items():
        for record in records:
            headers = headers_of(record)
            yield f"{headers.get('ce_source')}/{headers.get('ce_id')}", topic, record.value or b""
