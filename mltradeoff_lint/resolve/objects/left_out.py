"""Fields that data from outside may fill: what their class says of one holds only where the data leave it out.

Such an object stands in for a document that says nothing (`Model.model_validate(data or {})`), or belongs to a data
model whose own constructor looks further values up (`super().__init__(**{**from_environment(), **data})`). What a known
document leaves out is as firm as the document.
"""

from __future__ import annotations

from dataclasses import replace

from mltradeoff_lint.resolve.domain import ClassRef, Instance, Mapping, Value, Values, marked_default
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.brought_objects import DATA_MODELS
from mltradeoff_lint.resolve.objects.construction import Construction

_NOTHING = Mapping(())
"""Data that hold no field."""

_FACTORY = "default_factory"


def left_to_class(resolver: Resolver, construction: Construction, value: Instance, values: Values) -> Values:
    """What the class of an object says of a field: a default where data may hold another value, else what it is."""
    if not values or not _is_filled(resolver, construction, value):
        return values
    return tuple(of_no_data(resolver, one) for one in marked_default(values))


def _is_filled(resolver: Resolver, construction: Construction, value: Instance) -> bool:
    """Whether data from outside fill an object."""
    if value.given is not None:
        return not value.given.entries
    return resolver.program.ask("filled-models", value.ref, lambda: _looks_up(resolver, construction, value.ref))


def _is_model(resolver: Resolver, ref: ClassRef) -> bool:
    return not DATA_MODELS.isdisjoint(resolver.library_bases(ref))


def _looks_up(resolver: Resolver, construction: Construction, ref: ClassRef) -> bool:
    """Whether a model has a constructor of the repository, which hands a mapping on to that of its base."""
    constructor = construction.constructor(ref)
    if constructor is None or not _is_model(resolver, ref):
        return False
    facts = resolver.facts(constructor.path)
    return any(
        call.scope == constructor.scope
        and facts.exprs[call.function][0] == "attr"
        and facts.exprs[call.function][2] == "__init__"
        and any(name is None for name, _ in call.keywords)
        for call in facts.calls
    )


def of_no_data(resolver: Resolver, value: Value) -> Value:
    """A model that a field holds by itself and that the data of the whole may fill: made of data without fields."""
    if not isinstance(value, Instance) or value.given is not None or not _is_model(resolver, value.ref):
        return value
    return value if _is_told(resolver, value) else replace(value, given=_NOTHING)


def _is_told(resolver: Resolver, value: Instance) -> bool:
    """Whether the call that makes an object gives it fields, and does not describe a field that it is made for."""
    if value.made is None:
        return False
    call = resolver.call(value.made.call)
    names = {name for name, _ in call.keywords}
    return _FACTORY not in names and bool(call.arguments or names)
