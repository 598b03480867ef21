"""Step 6: a curator decides, by event; who has no say now decides nothing."""

from typing import Any

import httpx

from shared.contracts.codify import DecideReview
from tests.journey.conftest import Tale
from tests.support.eventually import eventually
from tests.support.house import House
from tests.support.topics import event, put


async def test_a_curator_without_the_say_over_its_topics_is_told_so_at_once(town: House, tale: Tale) -> None:
    await appoint(town, "noor", ["engineering"])

    refused = await decide(town, "noor", tale.item_id)

    assert refused.status_code == 403
    assert "no say" in refused.json()["detail"]


async def test_a_decision_that_nobody_signed_changes_nothing_and_is_told_to_those_who_audit(
    town: House, tale: Tale
) -> None:
    forged = DecideReview(item_id=tale.item_id, jws="e30.e30.e30")

    await put(town.kafka, f"{town.prefix}{forged.topic}", [event(forged)])

    await eventually(lambda: _audited(town, tale.item_id))
    assert (await town.get(f"/codify/reviews/{tale.item_id}"))["state"] == "open"


async def test_a_stale_reading_of_an_amended_item_is_refused(town: House, tale: Tale) -> None:
    await appoint(town, "tomas", ["finance"])
    read = await town.get(f"/codify/reviews/{tale.item_id}", "tomas")
    body = {
        "kind": "prompt",
        "title": "Match an invoice to its order",
        "body": "Better: ${invoice} ${order}",
        "topics": ["finance/invoicing"],
    }
    amended = await town.ask(
        "ines", "PATCH", f"/discover/items/{tale.item_id}", json=body, headers={"If-Match": '"1"'}
    )

    assert amended.is_success, amended.text
    await eventually(lambda: _at_version(town, tale.item_id, 2))
    refused = await decide(town, "tomas", tale.item_id, read)
    assert refused.status_code == 409


async def test_a_curator_with_the_say_approves(town: House, tale: Tale) -> None:
    accepted = await decide(town, "tomas", tale.item_id)

    assert accepted.status_code == 202
    await eventually(lambda: _approved(town, tale.item_id))


async def test_what_was_decided_is_not_decided_again(town: House, tale: Tale) -> None:
    review = await town.get(f"/codify/reviews/{tale.item_id}")

    again = await decide(town, "tomas", tale.item_id, review)
    other = await decide(town, "tomas", tale.item_id, review, decision="reject")

    assert (again.status_code, other.status_code) == (202, 409)
    assert other.json()["detail"] == "The review is not open."


async def test_what_was_rejected_comes_back_better_by_the_word_of_the_same_colleagues(town: House) -> None:
    item = await town.post("ines", "/discover/items", TO_BE_REJECTED)
    await eventually(lambda: _shared_at(town, item["id"], 1))
    await _vouched(town, item["id"])
    await eventually(lambda: _at_version(town, item["id"], 1))
    assert (await decide(town, "tomas", item["id"], decision="reject")).status_code == 202
    await eventually(lambda: _state(town, item["id"], "rejected"))

    amended = await town.ask(
        "ines",
        "PATCH",
        f"/discover/items/{item['id']}",
        json=TO_BE_REJECTED | {"body": "Say which line differs: ${invoice}"},
        headers={"If-Match": '"1"'},
    )
    assert amended.is_success, amended.text
    await eventually(lambda: _shared_at(town, item["id"], 2))
    await _vouched(town, item["id"])

    await eventually(lambda: _state(town, item["id"], "open"))


TO_BE_REJECTED = {
    "kind": "prompt",
    "title": "Find the line that differs",
    "body": "Find it: ${invoice}",
    "topics": ["finance/invoicing"],
}


async def _vouched(town: House, item_id: str) -> None:
    for colleague in ("viktor", "amara"):
        await town.post(colleague, f"/share/items/{item_id}/endorsements", {})


async def _state(town: House, item_id: str, state: str) -> bool:
    return bool((await town.get(f"/codify/reviews/{item_id}"))["state"] == state)


async def _shared_at(town: House, item_id: str, version: int) -> bool:
    return bool((await town.get(f"/share/items/{item_id}"))["version"] == version)


async def appoint(town: House, person: str, topics: list[str]) -> None:
    wish = {"name": person.title(), "topics": topics}
    appointed = await town.ask("admin", "PUT", f"/codify/curators/{person}", json=wish)
    assert appointed.is_success, appointed.text


async def decide(
    town: House,
    curator: str,
    item_id: str,
    read: dict[str, Any] | None = None,
    decision: str = "approve",
) -> httpx.Response:
    review = read or await town.get(f"/codify/reviews/{item_id}", curator)
    about = {"version": review["version"], "content_sha256": review["content_sha256"]}
    wish = about | {"decision": decision, "reason": "Clear and tested by two."}
    return await town.ask(curator, "POST", f"/codify/reviews/{item_id}/decisions", json=wish)


async def _audited(town: House, item_id: str) -> bool:
    return "DecisionRefused" in await town.kinds_of_steps(item_id)


async def _at_version(town: House, item_id: str, version: int) -> bool:
    return bool((await town.get(f"/codify/reviews/{item_id}"))["version"] == version)


async def _approved(town: House, item_id: str) -> bool:
    return "ItemApproved" in await town.kinds_of_steps(item_id)
