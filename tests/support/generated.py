"""Anything that a service may hear and know, made by hypothesis from the types alone.

Texts and numbers come from few values, so that ids, proofs and versions often meet; some are arbitrary.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import BaseModel

from shared.flow.step import Moment, On, Outcome, Refused
from tests.support.builders import NOW

MOMENTS = st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours))
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "a", "b", "finance"]) | st.text(max_size=5),
    int: st.integers(0, 4) | st.sampled_from([29, 30, 49, 50]),
    bool: st.booleans(),
    bytes: st.binary(max_size=5),
    type(None): st.none(),
    type(NOW): MOMENTS,
}


@cache
def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type: what a contract or a state may hold."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in SIMPLE:
        return SIMPLE[kind]
    if origin in {Union, UnionType}:
        return st.one_of(*map(anything, inner))
    if origin is tuple and inner[-1] is not Ellipsis:
        return st.tuples(*map(anything, inner))
    if origin in {tuple, Sequence}:
        return st.lists(anything(inner[0]), max_size=3).map(tuple)
    return model(kind) if issubclass(kind, BaseModel) else st.sampled_from(kind)


def model(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Models with all their fields."""
    fields = {name: anything(field.annotation) for name, field in kind.model_fields.items()}
    return st.fixed_dictionaries(fields).map(kind.model_validate)


def looked_up(row: On) -> st.SearchStrategy[Any]:
    """What a row's step is given, by the type that its moment names."""
    hints = get_type_hints(row.step)
    moment = next(kind for kind in hints.values() if Moment in {kind, get_origin(kind)})
    return anything(get_args(moment)[0]) if get_args(moment) else st.none()


@dataclass(frozen=True)
class Case:
    """A row of a table, what was heard, and the moment."""

    row: On
    heard: Any
    moment: Moment[Any]

    def outcome(self, state: Any) -> Outcome[Any] | None:
        """What the step makes of it, or None where it refuses."""
        with suppress(Refused):
            return self.row.step(state, self.heard, self.moment)
        return None


@st.composite
def cases(draw: st.DrawFn, row: On) -> Case:
    """Something heard by this row's step."""
    heard, given = draw(anything(row.heard)), draw(looked_up(row))
    name = row.each(heard, given) if row.each else row.key(heard)
    return Case(row, heard, Moment(draw(MOMENTS), name, draw(MOMENTS), given))


@st.composite
def states(draw: st.DrawFn, row: On, table: Sequence[On]) -> Any:
    """A state that the row's step may find: none, any at all, or one that the table's steps have led to."""
    state = draw(st.none() | anything(row.into.model))
    beside = [one for one in table if one.into == row.into]
    for one in draw(st.lists(st.sampled_from(beside), max_size=3)):
        outcome = draw(cases(one)).outcome(state)
        state = outcome.state if outcome else state
    return state
