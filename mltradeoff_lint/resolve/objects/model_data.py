"""Fields of dataclasses and models that are filled from data: `Model(**settings)`, `Model.model_validate(settings)`."""

from __future__ import annotations

from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    Class,
    ClassRef,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Value,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.environment import FIELDS
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields
from mltradeoff_lint.resolve.objects.field_data import at_key
from mltradeoff_lint.resolve.objects.left_out import of_no_data

_ALIASES = ("validation_alias", "alias")
_LISTS = frozenset({"list", "List", "tuple", "Tuple", "Sequence", "Iterable"})
_OPTIONAL = frozenset({"Optional", "Annotated"})
_MAPPINGS = frozenset({"dict", "Dict", "Mapping"})
_NONE: Expr = ("const", None)
MAX_DEPTH = 6


def field_of_data(resolver: Resolver, owner: ClassRef, data: Mapping, name: str) -> Values | None:
    """A field as its class reads it from a mapping; None when the mapping does not hold it.

    A mapping under a field that is annotated with a class of the repository becomes an object of that class.
    """
    found = at_key(resolver, data, name)
    for alias in () if found is not None else aliases(resolver, owner, name):
        found = found or at_key(resolver, data, alias)
    note = annotated_fields(resolver, owner).get(name)
    if found is None:
        if not data.is_open or note is None:
            return None
        # the data may hold it, so that the default of the class is not the value
        declared = tuple(of_no_data(resolver, one) for one in resolver.annotated(*note) if not isinstance(one, Unknown))
        return data.rest or declared or unknown(f"`{name}` of data that is not visible here")
    return found if note is None else typed(resolver, found, *note)


def made_of(owner: ClassRef, data: Values) -> Values:
    """The objects of a class that are made from data; an object with open fields where the data is unknown."""
    unseen = Mapping((), is_open=True)
    return union(tuple(Instance(owner, given=one if isinstance(one, Mapping) else unseen) for one in data))


def typed(resolver: Resolver, values: Values, path: str, note: int, depth: int = 0) -> Values:
    """Values as an annotation makes objects of them: mappings of a class, lists and dicts of such."""
    if depth > MAX_DEPTH or not any(isinstance(value, (Mapping, Items, Literal)) for value in values):
        return values
    facts = resolver.facts(path)
    expr: Expr = facts.exprs[note]
    if expr[0] == "item":
        head = facts.exprs[expr[1]]
        name = head[1] if head[0] == "name" else head[2] if head[0] == "attr" else ""
        inner = facts.exprs[expr[2]]
        parts: tuple[int, ...] = inner[1] if inner[0] == "tuple" else (expr[2],)
        if name in _OPTIONAL:
            return typed(resolver, values, path, parts[0], depth + 1)
        if name in _LISTS:
            return tuple(_listed(resolver, value, path, parts[0], depth) for value in values)
        if name in _MAPPINGS and len(parts) == 2:
            return tuple(_mapped(resolver, value, path, parts[1], depth) for value in values)
        return values
    if expr[0] == "binop" and expr[1] == "|":
        sides = [side for side in expr[2:4] if tuple(facts.exprs[side]) != _NONE]
        return typed(resolver, values, path, sides[0], depth + 1) if len(sides) == 1 else values
    classes = [one for one in resolver.values(path, note) if isinstance(one, Class)]
    if len(classes) != 1:
        return values
    enumerated = [one for one in values if isinstance(one, Literal)]
    if len(enumerated) == len(values):
        return values
    return tuple(Instance(classes[0].ref, given=value) if isinstance(value, Mapping) else value for value in values)


def _listed(resolver: Resolver, value: Value, path: str, note: int, depth: int) -> Value:
    if not isinstance(value, Items):
        return value
    return Items(
        tuple(typed(resolver, item, path, note, depth + 1) for item in value.items), value.is_open, value.least
    )


def _mapped(resolver: Resolver, value: Value, path: str, note: int, depth: int) -> Value:
    if not isinstance(value, Mapping):
        return value
    entries = tuple((name, typed(resolver, held, path, note, depth + 1)) for name, held in value.entries)
    return Mapping(entries, value.is_open, value.rest)


def aliases(resolver: Resolver, owner: ClassRef, name: str) -> tuple[str, ...]:
    """The names under which the data may hold a field: those of its description."""
    found: list[str] = []
    for value in resolver.member(Class(owner), name):
        if isinstance(value, Library) and value.path in FIELDS and value.made:
            made = value.made[-1]
            for key, expr in resolver.call(made.call).keywords:
                if key in _ALIASES:
                    found += known_texts(resolver.values(made.call.path, expr, made.frame))
    return tuple(found)
