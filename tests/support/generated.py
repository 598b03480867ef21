"""Anything that a service may hear and know, made by hypothesis from the types alone.

Texts and numbers come from few values, so that ids, proofs and versions often meet.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shared.flow.step import Moment, On, Outcome, Refused
from tests.support.builders import NOW

MOMENTS = st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours))
PATIENCE = 4
"""How many more things are thought of where the step makes nothing of one."""

SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "a", "b", "finance", "Ü “x”\n"]),
    int: st.sampled_from([0, 1, 2, 3, 29, 30, 49, 50]),
    bool: st.booleans(),
    bytes: st.sampled_from([b"", b"{}", b"\xff"]),
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
        return st.lists(anything(inner[0]), max_size=2).map(tuple)
    return model(kind) if issubclass(kind, BaseModel) else st.sampled_from(kind)


def model(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Models with all their fields, which often are as they are by default."""
    fields = {name: _field(field) for name, field in kind.model_fields.items()}
    return st.fixed_dictionaries(fields).map(kind.model_validate)


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    values = anything(field.annotation)  # type: ignore[arg-type] # a field's annotation can be hashed.
    return values if field.is_required() or field.default is None else st.just(field.default) | values


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
        """What the step makes of it, or None where it refuses.

        What is made by type alone may contradict itself, such as a merge into nothing; no model accepts that.
        """
        with suppress(Refused, ValidationError):
            return self.row.step(state, self.heard, self.moment)
        return None

    def moves(self, state: Any) -> bool:
        """True where the step makes something new of it, or says something."""
        outcome = self.outcome(state)
        return outcome is not None and (outcome.state != state or bool(outcome.says))


@st.composite
def cases(draw: st.DrawFn, row: On, state: Any) -> Case:
    """Something heard by this row's step, mostly about the very state that is known."""
    heard, given = draw(anything(row.heard)), draw(looked_up(row))
    known = _named(state) if draw(st.integers(0, 4)) else {}
    forgotten = draw(st.sets(st.sampled_from([*sorted(known), ""]), max_size=3))
    kept = {name: value for name, value in known.items() if name not in forgotten}
    heard, given = _about(heard, kept), _about(given, kept)
    name = row.each(heard, given) if row.each else row.key(heard)
    return Case(row, heard, Moment(draw(MOMENTS), name, draw(MOMENTS), given))


def _named(state: Any) -> dict[str, Any]:
    fields = type(state).model_fields if state else {}
    return {f"{name}: {field.annotation}": getattr(state, name) for name, field in fields.items()}


def _about(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_about(one, known) for one in value)
    if not isinstance(value, BaseModel):
        return value
    names = {name: f"{name}: {field.annotation}" for name, field in type(value).model_fields.items()}
    return value.model_copy(update={name: known[key] for name, key in names.items() if key in known})


@st.composite
def stories(draw: st.DrawFn, row: On, table: Sequence[On]) -> tuple[Any, Case]:
    """What the row's step knows and hears: nothing, any state at all, or one that the table's steps have led to."""
    kind: Any = row.into.model
    state = draw(st.none() | anything(kind))
    beside = [one for one in table if one.into == row.into]
    for one in draw(st.lists(st.sampled_from(beside), max_size=2)):
        outcome = draw(cases(one, state)).outcome(state)
        state = outcome.state if outcome else state
    case = draw(cases(row, state))
    for _ in range(PATIENCE):
        if case.moves(state):
            break
        case = draw(cases(row, state))
    return state, case
