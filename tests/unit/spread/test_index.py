"""What the search index holds, and how it is asked."""

import json
from typing import Any

import pytest

from services.spread.index import (
    BODY,
    ENTRIES_INDEX,
    MATCHED,
    MOST_WORDS,
    QUERIES_INDEX,
    indexed,
    matched_fields,
    preview_body,
    search_body,
    text_clause,
    wanted_clauses,
    words,
)
from services.spread.matching import stored_query
from services.spread.shown import Changing, Hit
from services.spread.steps.subscribe import ChangeSubscription, change_subscription
from shared.contracts.base import Kind
from tests.support.builders import content, kept, moment, spread_entry, subscription


def test_an_entry_is_indexed_in_the_version_that_it_says() -> None:
    one = indexed(kept(spread_entry(version=4)))

    assert (one.id, one.version, one.source["version"]) == ("item-1", 4, 4)
    assert one.source["topics"] == ["finance", "finance/tax"]
    assert one.source["own_topics"] == ["finance/tax"]


@pytest.mark.parametrize("retired", [True, False])
def test_the_index_has_no_field_that_its_mapping_does_not_name(retired: bool) -> None:
    source = indexed(kept(spread_entry(retired=retired))).source

    assert set(source) == set(ENTRIES_INDEX["mappings"]["properties"])
    assert ENTRIES_INDEX["mappings"]["dynamic"] == QUERIES_INDEX["mappings"]["dynamic"] == "strict"
    assert set(matched_fields(spread_entry())) == set(MATCHED)


def test_of_a_long_body_the_beginning_is_indexed() -> None:
    source = indexed(kept(spread_entry(content=content(body="x" * 100_000)))).source

    assert (len(source["body"]), len(source["opening"])) == (BODY, 4000)


def test_only_so_many_words_of_a_text_count() -> None:
    assert words("  one\n two  ") == "one two"
    assert len(words("word " * 500).split()) == MOST_WORDS
    assert words("word," * 500) == ",".join(["word"] * MOST_WORDS)


def test_what_is_wanted_becomes_clauses_that_must_all_hold() -> None:
    assert wanted_clauses(subscription().wanted) == [{"terms": {"topics": ["finance"]}}]
    assert wanted_clauses(subscription(kinds=("prompt",), query="VAT").wanted) == [
        {"terms": {"topics": ["finance"]}},
        {"terms": {"kind": ["prompt"]}},
        text_clause("VAT"),
    ]


def test_a_persons_text_is_a_value_and_never_a_query() -> None:
    text = '"} OR title:* (/.*/) {"match_all": {}}'

    assert text_clause(text)["multi_match"]["query"] == text
    assert search_body(text, {}, 0, 20)["query"]["bool"]["must"][0]["multi_match"]["query"] == text


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_search_without_words_finds_everything_in_use(text: str) -> None:
    assert search_body(text, {"topics": None}, 0, 20)["query"] == {
        "bool": {"must": [], "filter": [{"term": {"retired": False}}]}
    }


def test_a_search_is_narrowed_by_what_is_asked_for() -> None:
    asked = search_body("vat", {"topics": "finance", "kind": Kind.PROMPT}, 40, 20)

    assert {"term": {"topics": "finance"}} in asked["query"]["bool"]["filter"]
    assert {"term": {"kind": "prompt"}} in asked["query"]["bool"]["filter"]
    assert (asked["from"], asked["size"]) == (40, 20)


def test_a_preview_looks_at_recent_entries_in_use() -> None:
    filters = preview_body(subscription().wanted, "2026-09-01", 50)["query"]["bool"]["filter"]

    assert {"range": {"published_at": {"gte": "2026-09-01"}}} in filters
    assert {"term": {"retired": False}} in filters


def test_a_removed_subscription_is_stored_as_one_that_matches_nothing() -> None:
    gone = stored_query(subscription().model_copy(update={"removed": True}), 2)

    assert gone.source["query"] == {"bool": {"filter": [{"match_none": {}}]}}


def test_a_stored_query_says_which_topics_it_follows_so_that_no_others_are_asked() -> None:
    one = subscription()

    assert stored_query(one, 1).source["topics"] == list(one.wanted.topics)


@pytest.mark.parametrize(
    "body", [search_body("vat", {}, 0, 1), preview_body(subscription().wanted, "now", 1)]
)
def test_a_question_can_be_sent(body: Any) -> None:
    assert json.loads(json.dumps(body)) == body


def test_a_hit_shows_where_it_fits() -> None:
    source = indexed(kept(spread_entry())).source

    hit = Hit.of(
        {"_id": "item-1", "_score": None, "_source": source, "highlight": {"body": ["<em>Say</em>"]}}
    )

    assert (hit.entry_id, hit.topics, hit.score) == ("item-1", ["finance/tax"], 0.0)
    assert hit.highlights == ["<em>Say</em>"]


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({}, {"kinds": ("prompt",), "query": "VAT"}),
        ({"query": None}, {"kinds": ("prompt",)}),
        ({"kinds": []}, {"query": "VAT"}),
        ({"topics": ["sales"]}, {"topics": ("sales",), "kinds": ("prompt",), "query": "VAT"}),
    ],
)
def test_what_is_left_out_of_a_change_stays(sent: Any, changed: Any) -> None:
    wish = ChangeSubscription(subscription_id="s-1", changes=Changing.model_validate(sent).changes())

    outcome = change_subscription(subscription(kinds=("prompt",), query="VAT"), wish, moment())

    assert outcome.state == subscription(**changed)
