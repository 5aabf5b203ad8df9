"""What operators, subscripts, iteration and unpacking make of abstract values."""

from __future__ import annotations

import operator as op
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    Class,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.environment.process_environment import is_environment, named, variables
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import enumerations, module_tables, session_state
from mltradeoff_lint.resolve.objects.field_data import at_key, item_of
from mltradeoff_lint.resolve.values import source_parts, strings
from mltradeoff_lint.resolve.values.brought import in_text, is_source, keys_within
from mltradeoff_lint.resolve.values.lists import as_ways, spliced
from mltradeoff_lint.resolve.values.merging import laid
from mltradeoff_lint.resolve.values.sums import open_sum

_COMPUTED = Unknown("a computed number")


def grown(container: Value, method: str, value: Values) -> Value:
    if isinstance(container, Items):
        more = tuple(element(one) for one in value) if method in ("extend", "update") else (value,)
        return Items(tuple(dict.fromkeys((*container.items, *more))), True, container.fewest, container.is_set)
    if isinstance(container, Mapping) and method == "update":
        for one in value:
            container = laid(container, one)
        return container
    return container


def longer(container: Value) -> Value:
    """A list that grew by one element, which is among those that are known of it."""
    return replace(container, least=container.least + 1) if isinstance(container, Items) else container


def element(value: Value) -> Values:
    """Any element of an iterable."""
    if isinstance(value, Items):
        return value.every
    if isinstance(value, Mapping):
        return tuple(Literal(name) for name, _ in value.entries) or unknown("a key")
    if isinstance(value, Library):
        return (Library(f"{value.path}[]", value.made),)
    return _of_unresolved(value, "an element")


def subscript(
    resolver: Resolver, value: Value, keys: Values, key_expr: Expr, path: str = "", told: Values = ()
) -> Values:
    """What `value[key]` can be in a module; `told` are the keys as a part that somebody brings is called."""
    if isinstance(value, Items):
        if key_expr[0] == "slice":
            return (value,)
        if keys and all(isinstance(key, Literal) and isinstance(key.value, str) for key in keys):
            # a list has no texts for keys: what is read here is another thing, which somebody puts in its place
            return unknown("a list indexed by a string")
        numbers = [key.value for key in keys if isinstance(key, Literal) and isinstance(key.value, int)]
        if len(numbers) == 1 and not value.is_open and -len(value.items) <= numbers[0] < len(value.items):
            return value.items[numbers[0]]
        return value.every
    if isinstance(value, Mapping):
        names = [str(key.value) for key in keys if isinstance(key, Literal)]
        if not names:
            return value.every or unknown("an unknown key")
        found = ((at_key(resolver, value, name) or value.rest or unknown(f"key {name}"), name) for name in names)
        return union(*(named(resolver, values, name, path) for values, name in found))
    if isinstance(value, Literal) and isinstance(value.value, str):
        places = [key.value for key in keys if isinstance(key, Literal) and isinstance(key.value, int)]
        if len(places) == len(keys) == 1 and -len(value.value) <= places[0] < len(value.value):
            return (Literal(value.value[places[0]], value.provenance),)
    if isinstance(value, Library):
        of_module = module_tables.part(resolver, value, keys, path)
        if of_module:
            return of_module
        if is_environment(value):
            return variables(resolver, keys, (), path)
        kept = session_state.item(resolver, value, keys, path)
        if kept:
            return kept
        held = resolver.contents(value)
        if held:
            return union(*(subscript(resolver, one, keys, key_expr, path) for one in held))
        item = resolver.program.catalog.canonical(f"{value.path}[]")
        parts = keys_within(resolver, value, source_parts.names_of(told or keys))
        return tuple(Library(item, value.made, part) for part in parts)
    if isinstance(value, Class) and enumerations.is_enumeration(resolver, value.ref):
        return enumerations.looked_up(resolver, value.ref, keys)
    if isinstance(value, Instance):
        return item_of(resolver, value, keys)
    if isinstance(value, Unknown):
        return source_parts.item_of(value, told or keys)
    return _of_unresolved(value, "an item of an unresolved value") if not isinstance(value, Class) else (value,)


def _of_unresolved(value: Value, reason: str) -> Values:
    """A part of what did not resolve: who brings the whole brings the part, and what nobody passes has no parts."""
    if isinstance(value, Unknown):
        return (value,)
    is_brought = isinstance(value, Template) and len(value.parts) == 1 and is_source(value.text.strip("{}"))
    return (value,) if is_brought else unknown(reason)


def project(resolver: Resolver, values: Values, route: tuple[Any, ...]) -> Values:
    """Follow unpacking into values."""
    for step in route:
        if isinstance(step, str):
            values = tuple(_starred(value, step) for value in values)
        else:
            key = (Literal(step),)
            values = union(*(subscript(resolver, value, key, ("const", step)) for value in values))
    return values


def _starred(value: Value, bounds: str) -> Value:
    """What a starred target takes: the items between bounds such as `1:-1`, or any where they are not counted."""
    if not isinstance(value, Items) or value.is_open:
        return Items((element(value),), True)
    low, high = bounds.split(":")
    return Items(value.items[int(low) : int(high) if high else None])


def add(left: Values, right: Values, right_name: str, left_name: str, *, is_text: bool = True) -> Values:
    """`a + b` of strings, lists or numbers; of what is neither a text only where something else tells that it is."""
    if all_numbers(left) or all_numbers(right) or is_of_numbers(left, right):
        # a sum with a number is a number, whatever the other side is
        return arithmetic("+", left, right)
    if any(isinstance(value, Items) for value in (*left, *right)):
        return spliced([as_ways(left), as_ways(right)])
    if not is_text:
        return open_sum(left_name, right_name)
    return strings.concatenate([(_beside(left, right), left_name), (_beside(right, left), right_name)])


def _beside(values: Values, others: Values) -> Values:
    """What can be added to others: a number to no text, which raises `TypeError`."""
    is_text = any(map(_holds_text, others))
    return tuple(one for one in values if not (is_text and _is_number(one))) or values


def is_of_numbers(left: Values, right: Values) -> bool:
    """Whether `+` or `/` computes a number: a side can be one, and neither can be a text that is written anywhere."""
    both = (*left, *right)
    return any(map(_is_number, both)) and not any(map(_holds_text, both))


def _is_number(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, (int, float)) and not isinstance(value.value, bool)
    return value == _COMPUTED


def _holds_text(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, str) and bool(value.value)
    return isinstance(value, Items) or (isinstance(value, Template) and any(isinstance(p, str) for p in value.parts))


def arithmetic(operator: str, left: Values, right: Values) -> Values:
    """Numbers computed from two known numbers; anything else is unknown."""
    if not (len(left) == len(right) == 1 and all_numbers(left) and all_numbers(right)):
        return (_COMPUTED,)
    a, b = left[0].value, right[0].value  # type: ignore[union-attr]
    if abs(a) > 1e12 or abs(b) > 1e12:  # type: ignore[arg-type]
        return (_COMPUTED,)
    if operator in ("/", "//", "%") and b == 0:
        return unknown("a division by zero")
    compute = {"+": op.add, "-": op.sub, "*": op.mul, "/": op.truediv, "//": op.floordiv}.get(operator)
    firmness = weakest(*map(strings.provenance_of, (left[0], right[0])))
    return (Literal(compute(a, b), firmness),) if compute else (_COMPUTED,)


def all_numbers(values: Values) -> bool:
    """Whether every value is a number that is known; a truth value is none."""
    return bool(values) and all(isinstance(value, Literal) and _is_number(value) for value in values)


def is_falsy(value: Value) -> bool:
    """Whether a value is known to count as false, so that `or` goes on to the next operand."""
    return isinstance(value, Literal) and not value.value


def percent(resolver: Resolver, left: Values, right: Values, hints: Sequence[str]) -> Values:
    """What `left % right` gives, as text formatting or as a remainder; `hints` are the names of what is filled in."""
    if len(right) == 1 and isinstance(right[0], Mapping):
        return strings.percent(left, (), dict(right[0].entries), hints)
    if len(right) == 1 and isinstance(right[0], Items):
        names = [*hints, *("" for _ in right[0].items)]
        items = [in_text(resolver, item, name) for item, name in zip(right[0].items, names, strict=False)]
        return strings.percent(left, items, {}, hints)
    return strings.percent(left, (right,), {}, hints)
