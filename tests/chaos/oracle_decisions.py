"""I6: who decided what enters the library, checked without the product's own checks."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.contracts.codify import Entry
from tests.chaos.evidence import Evidence
from tests.chaos.finding import Finding
from tests.chaos.plan import CURATORS, covers

Claims = Mapping[str, Any]
PUT_FORWARD = frozenset({"ItemNominated", "ItemRevised"})


def decided_by_curators(evidence: Evidence) -> Finding:
    """I6, from the signed decisions and from share's nominations; the client appointed the curators and knows the authors."""
    says = "Every publication has a verified decision by a curator with the say, who is not the author."
    finding, decisions, read = Finding("I6", says), _signed(evidence), _put_forward(evidence)
    authors = {act.about: act.by for act in evidence.history.done("capture")}
    for entry, decision in evidence.publications():
        finding.count("publications")
        claims = decisions.get(decision)
        for wrong in _wrong(entry, claims, read, authors) if claims else ["it has no verified decision"]:
            finding.wrong.append(f"{entry.entry_id}:{entry.version}: {wrong}")
    for decision, times in Counter(decision for _, decision in evidence.publications()).items():
        finding.expect(times == 1, f"{decision} made {times} publications")
    return finding


def _signed(evidence: Evidence) -> dict[str, Claims]:
    key, found = OKPKey.import_key(json.loads(evidence.gateway_key)), {}
    for record in evidence.topics["knowhow.codify.decisions.v1"]:
        try:
            signed = jws.deserialize_compact(
                json.loads(record.value or b"{}")["jws"], key, algorithms=["Ed25519"]
            )
        except JoseError:
            continue
        claims = json.loads(signed.payload)
        found[f"{claims['sub']}/{claims['item_id']}/{claims['jti']}"] = claims
    return found


def _put_forward(evidence: Evidence) -> dict[tuple[str, int], Claims]:
    items = evidence.documents["share"].get("items", {}).values()
    told = [one for document in items for one in document["history"] if one["type"] in PUT_FORWARD]
    said = [json.loads(one["value"]) for one in told]
    return {(one["item_id"], one["version"]): one["content"] for one in said}


def _wrong(
    entry: Entry, claims: Claims, read: Mapping[tuple[str, int], Claims], authors: Mapping[str, str]
) -> Iterator[str]:
    who, content = claims["sub"], read.get((claims["item_id"], claims["version"]))
    if content is None or claims["content_sha256"] != _fingerprint(content):
        yield f"{who} decided about what nobody put forward"
    elif not _follows(entry, claims, content):
        yield f"this is not what {who} decided to {claims['decision']}"
    elif authors.get(content["title"].split(" ", 1)[0], who) == who:
        yield f"{who} is the author, or nobody knows the author"
    if claims["aud"] != "knowhow.codify.decisions":
        yield f"{who} signed for {claims['aud']}"
    if entry.approved_by.id != who or not _has_the_say(who, entry.content.topics):
        yield f"{who} had no say, or {entry.approved_by.id} did not sign"


def _fingerprint(content: Claims) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _follows(entry: Entry, claims: Claims, content: Claims) -> bool:
    published = entry.content.model_dump(mode="json")
    if claims["decision"] == "merge":
        added = str(published["body"]).endswith(content["body"])
        return added and bool(claims["into"] == entry.entry_id)
    item = (claims["item_id"], claims["version"])
    same = item == (entry.item_id, entry.item_version) and entry.entry_id == entry.item_id
    return claims["decision"] == "approve" and same and published == content


def _has_the_say(person: str, topics: tuple[str, ...]) -> bool:
    return all(covers(CURATORS.get(person, ()), topic) for topic in topics)
