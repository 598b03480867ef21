"""A batch means what its members mean one by one, and each member keeps what became of it."""

import importlib
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.contracts.base import Said
from shared.contracts.discover import ItemWithdrawn
from shared.flow.fold import Job, Task, fold
from shared.flow.step import Moment, On, Outcome, Refused, unchanged
from shared.identity.policy import SERVICES
from shared.storage.document import Collection, Document, stored
from tests.support.builders import CAUSE, LATER, NOW
from tests.support.generated import cases

TABLES = [importlib.import_module(f"services.{name}.events").ROWS for name in SERVICES]
SHELVES = [
    [row for row in table if row.into == into] for table in TABLES for into in {row.into for row in table}
]


class Tally(BaseModel):
    """How much was added."""

    total: int


class Add(BaseModel):
    """The wish to add something; nothing changes nothing, and less than nothing is refused."""

    number: int


def add(tally: Tally | None, heard: Add, moment: Moment) -> Outcome[Tally]:
    """Add it, and tell once for each."""
    if heard.number < 0:
        raise Refused("Add something positive.")
    if not heard.number:
        return unchanged(tally)
    said: list[Said] = [ItemWithdrawn(item_id=moment.id, version=heard.number)] * heard.number
    return Outcome(Tally(total=(tally.total if tally else 0) + heard.number), says=said)


def crash(_: Tally | None, __: Add, ___: Moment) -> Outcome[Tally]:
    """A step with a bug."""
    raise ZeroDivisionError


TALLIES, OTHERS = Collection("tallies", Tally), Collection("others", Tally)
ADD, CRASH, ELSEWHERE = On(Add, add, TALLIES), On(Add, crash, TALLIES), On(Add, add, OTHERS)


def adding(number: int, to: str = "a", row: On = ADD) -> Task:
    return Task(Job(Add(number=number), CAUSE), row, to)


def one_by_one(tasks: Sequence[Task]) -> dict[str, Document[Any]]:
    known: dict[str, Document[Any]] = {}
    for task in tasks:
        changed = fold([task], known, NOW)
        known |= {key: stored(document) for key, document in changed.items()}
    return known


def meaning(found: dict[str, Document[Any]]) -> Any:
    return {key: (document.state, document.history) for key, document in found.items()}


def became(tasks: Sequence[Task]) -> Any:
    return [(task.job.changed, [str(error) for error in task.job.errors.values()]) for task in tasks]


@st.composite
def batches(draw: st.DrawFn) -> list[Task]:
    shelf = draw(st.sampled_from(SHELVES))
    made = []
    for row in draw(st.lists(st.sampled_from(shelf), max_size=6)):
        case = draw(cases(row, None))
        made.append(Task(Job(case.heard, CAUSE), row, draw(st.sampled_from("ab")), case.moment.given))
    return made


def again(tasks: Sequence[Task]) -> list[Task]:
    return [Task(Job(task.job.heard, CAUSE), task.row, task.id, task.given) for task in tasks]


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(batches())
def test_a_batch_means_what_its_members_mean_one_by_one(tasks: list[Task]) -> None:
    single = again(tasks)

    assert meaning(fold(tasks, {}, NOW)) == meaning(one_by_one(single))
    assert became(tasks) == became(single)


@given(st.lists(st.builds(adding, st.integers(-1, 2), st.sampled_from("abc"))))
def test_so_it_does_with_steps_that_count(tasks: list[Task]) -> None:
    single = again(tasks)

    assert meaning(fold(tasks, {}, NOW)) == meaning(one_by_one(single))
    assert became(tasks) == became(single)


def test_only_documents_that_changed_are_to_be_saved() -> None:
    known = {"a": Document("a", 1, Tally(total=1)), "b": Document("b", 1, Tally(total=1))}

    assert set(fold([adding(0, "a"), adding(2, "b"), adding(0, "c")], known, NOW)) == {"b"}


def test_what_was_known_is_left_as_it_was() -> None:
    known = {"a": Document("a", 1, Tally(total=1))}

    fold([adding(2)], known, NOW)

    assert known == {"a": Document("a", 1, Tally(total=1))}


def test_what_a_document_says_is_numbered_for_ever() -> None:
    first = fold([adding(2)], {}, NOW)["a"]
    second = fold([adding(1)], {"a": stored(first)}, LATER)["a"]

    assert [said["id"] for said in second.history] == ["tallies/a/1", "tallies/a/2", "tallies/a/3"]
    assert second.history[2]["time"] == LATER.isoformat(timespec="milliseconds")


def test_what_is_said_names_what_caused_it() -> None:
    said = fold([adding(1)], {}, NOW)["a"].history[0]

    assert (said["causation"], said["correlation"]) == (CAUSE.id, CAUSE.correlation)


def test_a_refusal_leaves_its_document_and_its_neighbours_alone() -> None:
    tasks = [adding(1), adding(-1), adding(2), adding(1, "b")]

    found = fold(tasks, {}, NOW)

    assert {key: document.state for key, document in found.items()} == {
        "a": Tally(total=3),
        "b": Tally(total=1),
    }
    assert [type(error) for error in tasks[1].job.errors.values()] == [Refused]


def test_a_bug_in_a_step_belongs_to_its_job() -> None:
    tasks = [adding(1), adding(1, row=CRASH)]

    assert fold(tasks, {}, NOW)["a"].state == Tally(total=1)
    assert [type(error) for error in tasks[1].job.errors.values()] == [ZeroDivisionError]


def test_an_error_of_an_earlier_attempt_is_forgotten_when_the_next_one_succeeds() -> None:
    job = Job(Add(number=1), CAUSE)
    fold([Task(job, CRASH, "a")], {}, NOW)

    fold([Task(job, ADD, "a")], {}, NOW)

    assert not job.errors


def test_a_step_sees_the_time_at_which_what_it_hears_was_said() -> None:
    seen: list[Moment[Any]] = []

    def look(tally: Tally | None, _: Add, moment: Moment) -> Outcome[Tally]:
        seen.append(moment)
        return unchanged(tally)

    late = Job(Add(number=1), type(CAUSE)("c", "c", said_at=NOW))
    fold([Task(late, On(Add, look, TALLIES), "a"), adding(1, row=On(Add, look, TALLIES))], {}, LATER)

    assert [(moment.now, moment.said_at) for moment in seen] == [(LATER, NOW), (LATER, LATER)]


def test_an_error_in_one_collection_outlives_success_in_another_under_the_same_id() -> None:
    job = Job(Add(number=1), CAUSE)
    fold([Task(job, CRASH, "a")], {}, NOW)

    fold([Task(job, ELSEWHERE, "a")], {}, NOW)

    assert job.errors


def test_a_job_whose_change_somebody_else_made_meanwhile_has_changed_nothing() -> None:
    job = Job(Add(number=1), CAUSE)
    seat = On(Add, lambda tally, _, __: Outcome(tally or Tally(total=1)), TALLIES)
    fold([Task(job, seat, "a")], {}, NOW)

    fold([Task(job, seat, "a")], {"a": Document("a", 1, Tally(total=1))}, NOW)

    assert not job.changed
