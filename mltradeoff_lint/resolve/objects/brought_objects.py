"""Objects that whoever enters the program fills: the model of a request's body, the settings of a workflow's run.

Such an object has the fields of its class, and what comes from outside is in them. A default of the class holds only
where the field is left out, so it is one value beside that of the caller.
"""

from __future__ import annotations

from dataclasses import replace

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Instance, Items, Mapping, Value, Values, is_none, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields

DATA_MODELS = frozenset({"pydantic.BaseModel", "sqlmodel.SQLModel"})
"""Library classes whose objects a framework makes of data that comes from outside."""

MAX_DEPTH = 4


def brought(resolver: Resolver, values: Values, source: str) -> Values:
    """Objects as they are when a source fills them; what is no object of a data model stays as it is."""
    return tuple(_brought(resolver, value, source, 0) for value in values) if source else values


def field_of_brought(resolver: Resolver, value: Instance, name: str, found: Values) -> Values:
    """A field of an object that a source fills, given what its class says of it; as found for any other object."""
    source = _source(value)
    if not source or name not in annotated_fields(resolver, value.ref):
        return found
    own = f"{source.partition(':')[0]}:{name}"
    kept = tuple(_brought(resolver, one, own, 0) for one in found if not isinstance(one, Unknown) and not is_none(one))
    if any(isinstance(one, (Instance, Items, Mapping)) for one in kept):
        return kept
    return union(kept, unknown(f"{name} comes from outside", own))


def is_brought(value: Instance) -> bool:
    """Whether an object is one that a source fills."""
    return bool(_source(value))


def _source(value: Instance) -> str:
    given = value.given
    filling = given.rest if given is not None and given.is_open and not given.entries else ()
    return filling[0].source if len(filling) == 1 and isinstance(filling[0], Unknown) else ""


def _brought(resolver: Resolver, value: Value, source: str, depth: int) -> Value:
    """A value of an annotation with its open parts filled by a source."""
    if isinstance(value, Unknown):
        return value if value.source else Unknown(value.reason, source)
    if isinstance(value, Instance) and value.made is None and value.given is None:
        is_model = not DATA_MODELS.isdisjoint(resolver.library_bases(value.ref))
        data = Mapping((), True, unknown("what comes from outside", source))
        return replace(value, given=data) if is_model else value
    if depth < MAX_DEPTH and isinstance(value, Items):
        return Items(
            tuple(_each(resolver, item, source, depth + 1) for item in value.items), value.is_open, value.least
        )
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        entries = tuple((name, _each(resolver, held, source, depth + 1)) for name, held in value.entries)
        return Mapping(entries, value.is_open, _each(resolver, value.rest, source, depth + 1))
    return value


def _each(resolver: Resolver, values: Values, source: str, depth: int) -> Values:
    return tuple(_brought(resolver, one, source, depth) for one in values)
