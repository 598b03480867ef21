"""Subscribing, reading a feed, searching and reporting what came of it."""

from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response, StreamingResponse

from shared.cli.live import events
from tests.support.stand_in import Asked, StandIn
from tests.unit.cli.conftest import Shell

HIT = {"entry_id": "e1", "version": 1, "kind": "prompt", "title": "T", "topics": ["finance"], "score": 1.0}
FOLLOWED = {"id": "s1", "department": "finance", "topics": ["finance"], "kinds": [], "query": None}


def entry(number: int) -> dict[str, Any]:
    about = {"entry_id": f"e{number}", "version": 1, "because": ["follows finance"]}
    said = {"id": f"e{number}:1", "title": f"Entry {number}", "date_published": "2026-05-01T10:00:00Z"}
    return said | {"_knowhow": about}


def test_a_subscription_says_what_to_follow(knowhow: Shell, house: StandIn) -> None:
    house.says("POST /spread/subscriptions", FOLLOWED, 201)

    told = knowhow.lines(
        "subscribe", "finance", "--topic", "finance", "--kind", "prompt", "--query", "invoice"
    )

    assert told == [FOLLOWED]
    assert house.wish == {
        "department": "finance",
        "topics": ["finance"],
        "kinds": ["prompt"],
        "query": "invoice",
    }


def test_a_preview_subscribes_to_nothing(knowhow: Shell, house: StandIn) -> None:
    house.says("POST /spread/subscriptions/preview", {"items": [HIT], "total": 1})

    assert (
        "1 in the last 90 days." in knowhow("subscribe", "finance", "--topic", "finance", "--preview").stdout
    )
    assert [asked.path for asked in house.asked] == ["/spread/subscriptions/preview"]
    assert house.wish == {"topics": ["finance"]}


def test_subscriptions_are_listed_and_ended(knowhow: Shell, house: StandIn) -> None:
    house.says("GET /spread/subscriptions", {"items": [FOLLOWED], "next": None})
    house.says("DELETE /spread/subscriptions/s1", status=204)

    assert knowhow.lines("subscriptions", "finance") == [FOLLOWED]
    assert house.asked[-1].query["department"] == "finance"
    assert knowhow("unsubscribe", "s1").exit_code == 0


def test_a_feed_is_read_over_its_pages(knowhow: Shell, house: StandIn) -> None:
    def paged(asked: Asked) -> Response:
        if "cursor" in asked.query:
            return JSONResponse({"items": [entry(2)]})
        return JSONResponse({"items": [entry(1)], "next_url": f"{house.url}/x.json?limit=1&cursor=a%3Db"})

    house.answers["GET /spread/feeds/finance.json"] = paged

    assert [one["id"] for one in knowhow.lines("feed", "finance", "--limit", "0")] == ["e1:1", "e2:1"]
    assert house.asked[-1].query["cursor"] == "a=b"


def test_a_feed_says_why_an_entry_came(knowhow: Shell, house: StandIn) -> None:
    house.says("GET /spread/feeds/finance.json", {"items": [entry(1)]})

    assert "follows finance" in knowhow("feed", "finance").stdout


def test_following_shows_what_is_there_and_what_arrives_each_once(knowhow: Shell, house: StandIn) -> None:
    streams = [
        StreamingResponse(
            iter(["event: entry\n", "data: ", '{"id"', ': "e2:1"}\n\n']), media_type="text/event-stream"
        ),
        JSONResponse({"title": "No", "detail": "Enough."}, 403),
    ]
    house.answers["GET /spread/feeds/finance/live"] = lambda _: streams.pop(0)
    house.says("GET /spread/feeds/finance.json", {"items": [entry(2), entry(1)]})

    done = knowhow("feed", "finance", "--follow", "--json")

    assert [line[:14] for line in done.stdout.splitlines()] == ['{"id": "e1:1",', '{"id": "e2:1",']
    assert done.exit_code == 1


def test_following_ends_when_the_sign_in_has_expired(knowhow: Shell, house: StandIn) -> None:
    streams = [
        StreamingResponse(iter([": ping\n\n"]), media_type="text/event-stream"),
        JSONResponse({"title": "No", "detail": "Your sign-in has expired; sign in again."}, 401),
    ]
    house.answers["GET /spread/feeds/finance/live"] = lambda _: streams.pop(0)
    house.says("GET /spread/feeds/finance.json", {"items": []})

    done = knowhow("feed", "finance", "--follow")

    assert done.exit_code == 3
    assert "knowhow sign-in" in done.stderr


def test_following_needs_a_server_at_the_first_attempt(knowhow: Shell, house: StandIn) -> None:
    house.refuses("GET /spread/feeds/finance/live", 503, "Search is away.")

    assert knowhow("feed", "finance", "--follow").exit_code == 4


def test_events_are_read_as_the_standard_says() -> None:
    lines = [": keep-alive", "", "event: entry", "id: 7", "data: a", "data:b", "", "data: c", "", "data: cut"]

    assert list(events(lines)) == [("entry", "a\nb"), ("message", "c")]


def test_a_search_shows_hits_and_facets(knowhow: Shell, house: StandIn) -> None:
    house.says(
        "GET /spread/search", {"items": [HIT], "total": 3, "facets": {"topics": {"finance": 3}, "kinds": {}}}
    )

    shown = knowhow("search", "unpaid", "invoices", "--topic", "finance").stdout

    assert house.asked[-1].query == {"q": "unpaid invoices", "topic": "finance", "limit": "20"}
    assert "topics: finance (3)" in shown
    assert "1 of 3 shown." in shown


@pytest.mark.parametrize(("said", "department"), [((), "finance"), (("--department", "legal"), "legal")])
def test_a_report_is_for_ones_own_department_unless_said(
    knowhow: Shell, house: StandIn, said: tuple[str, ...], department: str
) -> None:
    house.says("POST /spread/entries/e1/adoptions", {"adoption_id": "a1", "learned_as": "new"}, 201)

    done = knowhow("adopt", "e1", "worked", "--learned", "Shorter is better.", *said)

    assert house.wish == {"department": department, "outcome": "worked", "learned": "Shorter is better."}
    assert "What you learnt is item new." in done.stdout


def test_a_report_may_name_the_entry_as_a_feed_shows_it(knowhow: Shell, house: StandIn) -> None:
    house.says("POST /spread/entries/e1/adoptions", {"adoption_id": "a1", "learned_as": None}, 201)

    assert knowhow("adopt", "e1:2", "worked").exit_code == 0
    assert house.asked[-1].path == "/spread/entries/e1/adoptions"
